"""A directory that is made beside its place and takes its name when it is whole: no half of one looks like one."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.backup.errors import NotEmpty


def check_free(directory: Path) -> None:
    """Raise NotEmpty where something would be overwritten."""
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise NotEmpty(f"{directory} is not empty: name a directory that is not there yet.")


@contextmanager
def beside(directory: Path) -> Iterator[Path]:
    """Give a name to make it under. At the end of the block it is moved to `directory`, and after an error removed."""
    draft = directory.with_name(f"{directory.name}.partial")
    try:
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


def clear(draft: Path) -> None:
    """Remove what a process that was killed left under this name."""
    shutil.rmtree(draft, ignore_errors=True)


def make(directory: Path) -> None:
    """Make a directory for its owner alone, and its parents."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    directory.chmod(0o700)
