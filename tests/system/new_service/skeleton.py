"""A copy of the project with what a section of CONTRIBUTING.md adds to it: its blocks are taken as they stand."""

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
INSERTION = re.compile(r"# in (?P<path>\S+), (?P<place>before|after|instead of): (?P<anchor>.*)\n")


def copy_with(section: str, target: Path) -> None:
    """Copy every file of the project, then write and insert the blocks. Raises AssertionError where an anchor is missing."""
    for name in _project_files():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target / name)
    (target / ".local").symlink_to(ROOT / ".local")
    for block in blocks(section):
        if match := NEW_FILE.match(block):
            file = target / match["path"]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block[match.end() :])
        elif match := INSERTION.match(block):
            file = target / match["path"]
            anchor, insertion = f"{match['anchor']}\n", block[match.end() :]
            content = file.read_text()
            assert content.count(anchor) == 1, f"{match['path']} has not one line {match['anchor']!r}"
            lines = {"before": insertion + anchor, "after": anchor + insertion, "instead of": insertion}
            file.write_text(content.replace(anchor, lines[match["place"]]))


def blocks(section: str) -> Iterator[str]:
    """The blocks of code of a section, by its heading."""
    content = (ROOT / "CONTRIBUTING.md").read_text().partition(f"## {section}\n")[2].partition("\n## ")[0]
    assert content, section
    for match in BLOCK.finditer(content):
        yield dedent(match["block"])


def _project_files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]
