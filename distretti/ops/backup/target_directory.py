"""Writes a directory atomically: to a staging directory beside it, renamed when complete."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from distretti.devstack.private_directory import make_private
from distretti.devstack.state_file import empty
from distretti.ops.backup.errors import DirectoryInUse, NotEmpty


def check_free(directory: Path) -> None:
    """Raise NotEmpty where `directory` exists with content."""
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise NotEmpty(f"{directory} is not empty: name a directory that does not exist.")


@contextmanager
def staging_directory(directory: Path) -> Iterator[Path]:
    """An empty staging directory, renamed to `directory` at the end of the block and removed after an error.

    Raises DirectoryInUse while another process has it; the remains of a killed process are removed.
    """
    staging = directory.with_name(f"{directory.name}.partial")
    with _locked(staging):
        try:
            empty(staging)
            yield staging
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise
        if directory.exists():
            directory.rmdir()
        staging.rename(directory)
    handle = os.open(directory.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _locked(staging: Path) -> Iterator[None]:
    """Lock a directory for this process; the kernel releases the lock if it dies."""
    make_private(staging)
    handle = os.open(staging, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Another process may have renamed or removed the directory between open and lock.
            locked = staging.exists() and os.path.samestat(os.fstat(handle), staging.stat())
        except BlockingIOError:
            locked = False
        if not locked:
            raise DirectoryInUse(f"Another process writes to {staging}: wait for its end, or name another directory.")
        yield
    finally:
        os.close(handle)
