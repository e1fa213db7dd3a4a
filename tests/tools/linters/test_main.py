"""The command: areas from pyproject.toml or paths, both checks, the exit code."""

from pathlib import Path

import pytest

from tools.linters.__main__ import main


def project(root: Path, source: str, names: str = "", texts: str = "") -> Path:
    for folder in ("shared/contracts", "shared/chassis", "services/desk"):
        (root / folder).mkdir(parents=True)
    (root / "services" / "desk" / "__main__.py").touch()
    (root / "services" / "desk" / "rules.py").write_text(source)
    (root / "pyproject.toml").write_text(f"[tool.distretti.linters]\nnames = [{names}]\ntexts = [{texts}]\n")
    return root


@pytest.mark.parametrize("source", ["told = 1\n", "refuse(it='pieno', en='full')\n"])
def test_only_listed_areas_are_checked_unless_a_path_is_given(
    source: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = project(tmp_path, source)
    assert main(root, []) == 0
    assert main(root, [str(root / "services" / "desk")]) == 1
    assert capsys.readouterr().out.startswith("services/desk/rules.py:1: ")


def test_each_check_has_areas_of_its_own(tmp_path: Path) -> None:
    assert main(project(tmp_path / "names", "told = 1\n", names='"services"'), []) == 1
    assert main(project(tmp_path / "texts", "told = 1\n", texts='"services"'), []) == 0
    assert main(project(tmp_path / "pairs", "refuse(it='pieno', en='full')\n", texts='"services"'), []) == 1


def test_catalogues_are_checked_wherever_code_names_a_text(tmp_path: Path) -> None:
    assert main(project(tmp_path, "from shared.chassis.texts import text\ntext('unknown')\n"), []) == 1


def test_a_listed_area_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="missing"):
        main(project(tmp_path, "", names='"missing"'), [])
