"""One version and one licence, in every file that names them."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_one_version_everywhere() -> None:
    metadata = (ROOT / "publiccode.yml").read_text()
    assert f'softwareVersion: "{PROJECT["version"]}"' in metadata
    released = re.search(r"^## (\d+\.\d+\.\d+) - (\d{4}-\d{2}-\d{2})$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert released
    assert released[1] == PROJECT["version"]
    assert f'releaseDate: "{released[2]}"' in metadata


def test_one_licence_everywhere() -> None:
    assert PROJECT["license"] == "EUPL-1.2"
    assert f"license: {PROJECT['license']}" in (ROOT / "publiccode.yml").read_text()
    assert "EUROPEAN UNION PUBLIC LICENCE v. 1.2" in (ROOT / "LICENSE").read_text()
