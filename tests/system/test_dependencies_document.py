"""docs/dependencies.md: every package that pyproject.toml names has its line, and no other."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]


def required() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    return {Requirement(requirement).name for group in groups for requirement in group}


def described() -> set[str]:
    rows = re.findall(r"^\| ([a-z].*?) \|", (ROOT / "docs/dependencies.md").read_text(), re.MULTILINE)
    cells = [re.sub(r"\(.*?\)", "", row) for row in rows if row != "package"]
    return {name.strip() for cell in cells for name in cell.split(",")}


def test_each_required_package_is_described_and_no_other() -> None:
    assert described() == required()
