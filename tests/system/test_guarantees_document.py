"""docs/guarantees.md: each promise names a test, and each test it names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs/guarantees.md"


def promises() -> list[list[str]]:
    lines = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def named_in(cell: str) -> list[tuple[Path, str | None]]:
    """The files and functions a cell names; a function without a file is in the file named before it."""
    found: list[tuple[Path, str | None]] = []
    for name in re.findall(r"`([^`]+)`", cell):
        file, _, function = name.rpartition("::") if "::" in name or name.startswith("test_") else (name, "", "")
        path = ROOT / "tests" / file if file else found[-1][0]
        found.append((path, function or None))
    return found


def test_every_promise_names_a_test_that_is_there() -> None:
    rows = promises()
    assert len(rows) > 40
    for promise, kept_by, proved_by, _ in rows:
        assert promise
        assert kept_by
        named = named_in(proved_by)
        assert named, promise
        for path, function in named:
            assert path.is_file(), f"{promise}: {path}"
            text = path.read_text()
            assert re.search(rf"def {function or 'test_'}", text), f"{promise}: {function} in {path}"
