"""docs/guarantees.md: each promise stands in a section and names a test, and each test it names exists."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs/guarantees.md"
PROMISE = re.compile(r"^- \*\*(?P<promise>[^*]+)\.\*\* (?P<kept_by>.+) Test: (?P<tests>`.+)$")


def sections() -> dict[str, list[str]]:
    """The items of each section, each on one line."""
    by_title: dict[str, list[str]] = {}
    for section in DOCUMENT.read_text().split("\n## ")[1:]:
        title, _, body = section.partition("\n")
        by_title[title] = [" ".join(item.split()) for item in re.findall(r"^- (?:.+\n(?:  .+\n)*)", body, re.MULTILINE)]
    return by_title


def named_in(tests: str) -> list[tuple[Path, str | None]]:
    """The files and functions; a function without a file is in the file named before it."""
    named: list[tuple[Path, str | None]] = []
    for name in re.findall(r"`([^`]+)`", tests):
        file, _, function = name.rpartition("::") if "::" in name or name.startswith("test_") else (name, "", "")
        path = ROOT / "tests" / file if file else named[-1][0]
        named.append((path, function or None))
    return named


def test_every_promise_names_a_test_that_exists() -> None:
    promised = sections()
    promised.pop("Not promised")
    assert len(promised) > 10
    assert all(promised.values())
    items = [item for section in promised.values() for item in section]
    assert len(items) > 100
    for item in items:
        parts = PROMISE.match(item)
        assert parts, item
        named = named_in(parts["tests"])
        assert named, item
        for path, function in named:
            assert path.is_file(), f"{parts['promise']}: {path}"
            assert re.search(rf"def {function or 'test_'}", path.read_text()), f"{parts['promise']}: {function} in {path}"


def test_no_promise_is_made_twice() -> None:
    items = [item for section in sections().values() for item in section]
    assert len(set(items)) == len(items)
