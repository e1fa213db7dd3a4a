"""A file of a backup: what is written is read back, and a truncated file is never taken for a whole one."""

import gzip
import hashlib
import stat
from pathlib import Path

import bson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from distretti.ops.backup.errors import Damaged
from distretti.ops.backup.files import MOST_IN_BATCH, Writer, batches, digest_of, write_whole

documents = st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(0, 2**40) | st.text(max_size=20)), max_size=8)
same_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)


def written(path: Path, contents: list[bytes]) -> tuple[str, int]:
    path.unlink(missing_ok=True)
    writer = Writer(path)
    writer.write(contents)
    assert writer.count == len(contents)
    return writer.close()


@same_folder
@given(documents)
def test_documents_come_back_in_their_order(tmp_path: Path, contents: list[dict[str, object]]) -> None:
    encoded = [bson.encode(content) for content in contents]
    digest, size = written(tmp_path / "file", encoded)
    assert [document for batch in batches(tmp_path / "file") for document in batch] == encoded
    assert (digest, size) == (digest_of(tmp_path / "file"), (tmp_path / "file").stat().st_size)


@same_folder
@given(documents.filter(bool), st.data())
def test_a_file_that_ends_in_a_document_is_damaged(tmp_path: Path, contents: list[dict[str, object]], data: st.DataObject) -> None:
    encoded = [bson.encode(content) for content in contents]
    whole = b"".join(encoded)
    cut = data.draw(st.integers(len(whole) - len(encoded[-1]) + 1, len(whole) - 1))
    (tmp_path / "cut").write_bytes(gzip.compress(whole[:cut]))
    with pytest.raises(Damaged, match="ends in the middle of a document"):
        list(batches(tmp_path / "cut"))


def test_a_batch_is_bounded(tmp_path: Path) -> None:
    written(tmp_path / "file", [bson.encode({"n": n}) for n in range(MOST_IN_BATCH + 1)])
    assert [len(batch) for batch in batches(tmp_path / "file")] == [MOST_IN_BATCH, 1]


def test_only_the_owner_reads_it_and_nothing_is_overwritten(tmp_path: Path) -> None:
    assert write_whole(tmp_path / "file", b"content") == (hashlib.sha256(b"content").hexdigest(), 7)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600
    with pytest.raises(FileExistsError):
        write_whole(tmp_path / "file", b"another")
    assert (tmp_path / "file").read_bytes() == b"content"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Damaged, match=r"gone\.bson\.gz is missing"):
        digest_of(tmp_path / "gone.bson.gz")
