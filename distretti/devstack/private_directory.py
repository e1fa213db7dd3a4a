"""Directories that only their owner reads: they hold mails, events and databases with people's names in them."""

from pathlib import Path


def make_private(directory: Path) -> None:
    """Create a directory with mode 0700, and its parents; give an existing one that mode."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    directory.chmod(0o700)
