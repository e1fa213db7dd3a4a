"""Which files a check covers: `[tool.distretti.linters]` in pyproject.toml lists path prefixes per check."""

import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path


def configured(root: Path, check: str) -> tuple[Path, ...]:
    """The path prefixes listed for a check. Raises KeyError where pyproject.toml has no such list."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["distretti"]["linters"]
    return tuple(root / prefix for prefix in settings[check])


def python_files(prefixes: Iterable[Path]) -> Iterator[Path]:
    """Every Python file at or below the prefixes, each once. Raises FileNotFoundError for a prefix that matches nothing."""
    files: set[Path] = set()
    for prefix in prefixes:
        if not prefix.exists():
            raise FileNotFoundError(
                f"{prefix}: no such file or folder; correct the path or [tool.distretti.linters] in pyproject.toml"
            )
        files.update([prefix] if prefix.is_file() else prefix.rglob("*.py"))
    yield from sorted(files)
