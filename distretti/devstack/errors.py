"""Errors of the local system; each says what to do."""


class LocalError(Exception):
    """A command failed; the text says what to do."""


class Missing(LocalError):
    """A required program is not on this machine."""


class NotStarted(LocalError):
    """A process did not become ready; the text ends with the last lines of its log."""


class PortTaken(LocalError):
    """Another program listens on the requested port."""


class AlreadyRunning(LocalError):
    """A local system already runs on this data directory."""


class NotRunning(LocalError):
    """No local system runs on this data directory."""
