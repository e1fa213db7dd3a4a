"""Why there is no backup, or nothing was restored: each error says what to do."""

from distretti.devstack.errors import LocalError


class BackupError(LocalError):
    """A backup could not be made; the system is open for commands again."""


class NotDrained(BackupError):
    """Something did not come to rest in time."""


class Lapsed(BackupError):
    """The system opened, or moved, while it was saved."""


class RestoreError(LocalError):
    """A backup cannot be restored."""


class Damaged(RestoreError):
    """A file of the backup is missing, or is not as it was written."""


class Taken(LocalError):
    """Another process writes to the same place."""


class NotEmpty(RestoreError):
    """There is something where an empty place is needed."""
