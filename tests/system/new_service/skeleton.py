"""A copy of the project with the service that CONTRIBUTING.md describes: its blocks are taken as they stand."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).parents[3]
NAME = "surveys"
BLOCK = re.compile(r"^ *```\w*\n(?P<block>.*?)^ *```$", re.MULTILINE | re.DOTALL)
NEW_FILE = re.compile(r"# new file: (?P<path>\S+)\n")
INSERTION = re.compile(r"# in (?P<path>\S+), (?P<place>before|after): (?P<anchor>.*)\n")


def copy_with_new_service(target: Path) -> None:
    """Copy every file of the project, then write and insert the blocks. Raises AssertionError where an anchor is missing."""
    for name in _project_files():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target / name)
    (target / ".local").symlink_to(ROOT / ".local")
    for block in blocks():
        if match := NEW_FILE.match(block):
            file = target / match["path"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block[match.end() :])
        elif match := INSERTION.match(block):
            file = target / match["path"]
            anchor, insertion = f"{match['anchor']}\n", block[match.end() :]
            content = file.read_text()
            assert content.count(anchor) == 1, f"{match['path']} has not one line {match['anchor']!r}"
            file.write_text(content.replace(anchor, insertion + anchor if match["place"] == "before" else anchor + insertion))


def blocks() -> Iterator[str]:
    """The blocks of code of the section on a new service."""
    section = (ROOT / "CONTRIBUTING.md").read_text().partition("## A new service\n")[2]
    for match in BLOCK.finditer(section):
        yield dedent(match["block"])


def _project_files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]
