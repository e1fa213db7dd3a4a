"""What is said of the running version: the commit is the one set, else that of the work tree."""

import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest

from shared.chassis.build_info import read_build_info


def git(directory: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=A", "-c", "user.email=a@districts.example"]
    done = subprocess.run(["git", "-C", str(directory), *identity, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.fixture
def work_tree(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "Begin")
    return tmp_path


def test_the_commit_is_the_one_set_else_the_one_checked_out(work_tree: Path) -> None:
    assert read_build_info("c0ffee", work_tree).commit == "c0ffee"
    build = read_build_info("", work_tree)
    assert build.commit == git(work_tree, "rev-parse", "HEAD")
    assert build.version == version("distretti")


def test_without_a_work_tree_of_its_own_the_commit_is_unknown(work_tree: Path) -> None:
    installation = work_tree / ".venv"
    installation.mkdir()
    assert read_build_info("", installation).commit == "unknown"


def test_without_git_or_a_commit_it_is_unknown(work_tree: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    empty = tmp_path_factory.mktemp("empty")
    git(empty, "init", "--quiet")
    assert read_build_info("", empty).commit == "unknown"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(empty))
        assert read_build_info("", work_tree).commit == "unknown"
