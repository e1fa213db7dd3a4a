"""A backup is read only where its manifest and every file match their checksums."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from distretti.ops.backup.errors import Damaged
from distretti.ops.backup.files import write_whole
from distretti.ops.backup.manifest import (
    MANIFEST,
    SUMS,
    Collection,
    Manifest,
    TopicSaved,
    collection_file,
    files_of,
    read_checked,
    seal,
    topic_file,
)

SAVED = Manifest(
    made=datetime(2026, 11, 22, tzinfo=UTC),
    distretti="0.1.0",
    mongodb="6.0.5",
    closed_seconds=1.5,
    bytes=14,
    waiting=0,
    databases={"registry": {"members": Collection(documents=3, indexes=[])}},
    topics={"registry.members": TopicSaved(partitions=12, records=7)},
)


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A sealed backup of one collection and one topic."""
    checksums = {}
    for path in files_of(tmp_path, SAVED):
        path.parent.mkdir(parents=True)
        checksums[path], _ = write_whole(path, b"content")
    seal(tmp_path, SAVED, checksums)
    return tmp_path


async def test_a_sealed_backup_is_read_as_it_was_saved(backup: Path) -> None:
    assert await read_checked(backup) == SAVED
    assert (SAVED.documents, SAVED.records) == (3, 7)


def test_its_checksums_are_those_of_sha256sum(backup: Path) -> None:
    subprocess.run(["sha256sum", "--check", "--strict", SUMS], cwd=backup, check=True, capture_output=True)


@pytest.mark.parametrize("name", [MANIFEST, "databases/registry/members.bson.gz", "topics/registry.members.bson.gz"])
async def test_a_changed_file_is_named(backup: Path, name: str) -> None:
    with (backup / name).open("ab") as file:
        file.write(b"!")
    with pytest.raises(Damaged, match=f"{Path(name).name} does not match its checksum"):
        await read_checked(backup)


async def test_a_missing_file_is_named(backup: Path) -> None:
    topic_file(backup, "registry.members").unlink()
    with pytest.raises(Damaged, match=r"registry\.members\.bson\.gz is missing"):
        await read_checked(backup)


async def test_a_file_without_a_checksum_makes_it_incomplete(backup: Path) -> None:
    sums = backup / SUMS
    unnamed = collection_file(backup, "registry", "members").name
    sums.write_text("".join(line for line in sums.read_text().splitlines(keepends=True) if unnamed not in line))
    with pytest.raises(Damaged, match="does not name"):
        await read_checked(backup)


async def test_another_format_is_refused(tmp_path: Path) -> None:
    digest, _ = write_whole(tmp_path / MANIFEST, b'{"format": 2}')
    (tmp_path / SUMS).write_text(f"{digest}  {MANIFEST}\n")
    with pytest.raises(Damaged, match="another format"):
        await read_checked(tmp_path)


async def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Damaged, match="is no backup"):
        await read_checked(tmp_path)
