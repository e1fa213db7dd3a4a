"""Which files a check covers."""

from pathlib import Path

import pytest

from tools.linters.areas import configured, python_files


def write(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")


def test_the_list_of_a_check_is_relative_to_the_project(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.distretti.linters]\nnames = ["services", "tools/a.py"]\ntexts = []\n')
    assert configured(tmp_path, "names") == (tmp_path / "services", tmp_path / "tools/a.py")
    assert configured(tmp_path, "texts") == ()


def test_a_check_without_a_list_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.distretti.linters]\nnames = []\n")
    with pytest.raises(KeyError, match="texts"):
        configured(tmp_path, "texts")


def test_python_files_below_the_prefixes_come_once_and_in_order(tmp_path: Path) -> None:
    write(tmp_path, "b/z.py", "b/deep/a.py", "b/notes.md", "a.py", "c.py")
    files = python_files([tmp_path / "b", tmp_path / "a.py", tmp_path / "b/z.py"])
    assert [path.relative_to(tmp_path).as_posix() for path in files] == ["a.py", "b/deep/a.py", "b/z.py"]


def test_a_prefix_that_matches_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="gone"):
        list(python_files([tmp_path, tmp_path / "gone"]))
