"""Which version of the system runs: for health answers, metrics and the command."""

import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGE = "distretti"
UNKNOWN = "unknown"
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class BuildInfo:
    """Version of the package and commit of its source; `unknown` where neither setting nor work tree says it."""

    version: str
    commit: str


def read_build_info(commit: str, root: Path = ROOT) -> BuildInfo:
    """Version from the package's metadata; `commit` as set, else that of the work tree `root`."""
    return BuildInfo(_version(), commit or _commit_of(root) or UNKNOWN)


def _version() -> str:
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return UNKNOWN


def _commit_of(root: Path) -> str:
    """The commit checked out at `root`; empty where it is no work tree, as in an installation, or git is missing."""
    # Else git would look for a work tree further up: an installation may lie inside one of another project.
    if not (root / ".git").exists():
        return ""
    try:
        command = ["git", "-C", str(root), "rev-parse", "HEAD"]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=5).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""
