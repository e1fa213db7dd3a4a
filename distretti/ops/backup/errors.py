"""Errors of backup and restore; each says what to do."""

from distretti.devstack.errors import LocalError


class BackupError(LocalError):
    """No backup was made; the system is read-write."""


class NotQuiescent(BackupError):
    """The system did not become quiescent in time."""


class Lapsed(BackupError):
    """The system may have been read-write for a moment, or changed, during the backup."""


class RestoreError(LocalError):
    """A backup cannot be restored."""


class Damaged(RestoreError):
    """A file of the backup is missing or changed."""


class DirectoryInUse(LocalError):
    """Another process writes to the same directory."""


class NotEmpty(RestoreError):
    """The target of a backup or restore is not empty."""
