"""What can go wrong while the local system starts: each error says what to do."""


class LocalError(Exception):
    """The local system cannot do what was asked; the text is one a person can act on."""


class Missing(LocalError):
    """A program the local system needs is not on this machine."""


class NotStarted(LocalError):
    """A process did not become ready; the text ends with the last lines of its log."""


class PortTaken(LocalError):
    """Another program listens on a port that was asked for."""


class AlreadyRunning(LocalError):
    """A local system already runs on this data directory."""


class NotRunning(LocalError):
    """No local system runs on this data directory."""
