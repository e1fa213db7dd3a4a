"""A backup appears whole or not at all, and its directory has one writer."""

import os
import stat
from pathlib import Path

import pytest

from distretti.devstack.private_directory import make_private
from distretti.ops.backup.errors import DirectoryInUse, NotEmpty
from distretti.ops.backup.target_directory import check_free, staging_directory


def test_a_staging_directory_in_use_is_not_removed(tmp_path: Path) -> None:
    with staging_directory(tmp_path / "backup") as draft:
        (draft / "manifest.json").write_text("{}")
        with pytest.raises(DirectoryInUse), staging_directory(tmp_path / "backup"):
            pass
        assert (draft / "manifest.json").exists()
    assert os.listdir(tmp_path / "backup") == ["manifest.json"]
    with pytest.raises(KeyboardInterrupt), staging_directory(tmp_path / "other") as draft:
        raise KeyboardInterrupt
    (tmp_path / "killed.partial" / "topics").mkdir(parents=True)
    with staging_directory(tmp_path / "killed") as draft:
        assert os.listdir(draft) == []
    assert sorted(os.listdir(tmp_path)) == ["backup", "killed"]


def test_a_directory_with_content_is_not_free(tmp_path: Path) -> None:
    check_free(tmp_path / "new")
    (tmp_path / "empty").mkdir()
    check_free(tmp_path / "empty")
    (tmp_path / "file").touch()
    for occupied in (tmp_path, tmp_path / "file"):
        with pytest.raises(NotEmpty, match="is not empty"):
            check_free(occupied)


def test_an_empty_directory_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir()
    with staging_directory(tmp_path / "backup") as staging:
        (staging / "file").touch()
    assert os.listdir(tmp_path / "backup") == ["file"]


def test_a_private_directory_is_its_owners_alone(tmp_path: Path) -> None:
    make_private(tmp_path / "a" / "b")
    assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700
