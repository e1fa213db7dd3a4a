"""A directory that is made beside its place and takes its name when it is whole: no half of one looks like one."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from distretti.devstack.state_file import empty
from distretti.ops.backup.errors import NotEmpty, Taken


def check_free(directory: Path) -> None:
    """Raise NotEmpty where something would be overwritten."""
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise NotEmpty(f"{directory} is not empty: name a directory that is not there yet.")


@contextmanager
def beside(directory: Path) -> Iterator[Path]:
    """Give an empty directory to make it in. At the end it is moved to `directory`, and after an error removed.

    Raises Taken while another process makes one there; what one that was killed left is cleared away.
    """
    draft = directory.with_name(f"{directory.name}.partial")
    with _held(draft):
        try:
            empty(draft)
            yield draft
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        if directory.exists():
            directory.rmdir()
        draft.rename(directory)
    handle = os.open(directory.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make(directory: Path) -> None:
    """Make a directory for its owner alone, and its parents."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    directory.chmod(0o700)


@contextmanager
def _held(draft: Path) -> Iterator[None]:
    """Hold a directory for this process; the kernel lets go if it dies."""
    make(draft)
    handle = os.open(draft, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            mine = draft.exists() and os.path.samestat(os.fstat(handle), draft.stat())
        except BlockingIOError:
            mine = False
        if not mine:
            raise Taken(f"Another process writes to {draft}: wait for its end, or name another directory.")
        yield
    finally:
        os.close(handle)
