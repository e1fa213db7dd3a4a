"""A file of a backup: concatenated BSON documents, compressed by gzip, readable by their owner only."""

import gzip
import hashlib
import os
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

from distretti.ops.backup.errors import Damaged

LARGEST_BATCH = 4_000_000
MOST_IN_BATCH = 1000
_LENGTH = struct.Struct("<i")


class _HashedFile:
    """A file that hashes its content while it is written."""

    def __init__(self, path: Path) -> None:
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._digest = hashlib.sha256()
        self.bytes = 0

    def write(self, data: bytes) -> int:
        self._digest.update(data)
        self.bytes += len(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> str:
        """Sync to disk; return the SHA-256 of the content."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return self._digest.hexdigest()


class Writer:
    """Writes documents to a new file."""

    def __init__(self, path: Path) -> None:
        self.count = 0
        self._raw = _HashedFile(path)
        self._compressed = gzip.GzipFile("", "wb", 1, self._raw, mtime=0)

    def write(self, documents: Sequence[bytes]) -> None:
        """Append documents, each in BSON."""
        self._compressed.write(b"".join(documents))
        self.count += len(documents)

    def close(self) -> tuple[str, int]:
        """Complete the file; return its SHA-256 and its length in bytes."""
        self._compressed.close()
        return self._raw.close(), self._raw.bytes


def write_whole(path: Path, content: bytes) -> tuple[str, int]:
    """Write a small file without compression; return its SHA-256 and its length."""
    raw = _HashedFile(path)
    raw.write(content)
    return raw.close(), raw.bytes


def batches(path: Path) -> Iterator[list[bytes]]:
    """Read a file in batches of documents, each in BSON. Raises Damaged where it is truncated."""
    batch: list[bytes] = []
    size = 0
    with gzip.open(path, "rb") as file:
        while head := file.read(4):
            length = _LENGTH.unpack(head)[0] if len(head) == 4 else 0
            body = file.read(max(0, length - 4))
            if length < 5 or len(body) != length - 4:
                raise Damaged(f"{path} ends in the middle of a document.")
            batch.append(head + body)
            size += length
            if size >= LARGEST_BATCH or len(batch) == MOST_IN_BATCH:
                yield batch
                batch, size = [], 0
    if batch:
        yield batch


def digest_of(path: Path) -> str:
    """SHA-256 of a file. Raises Damaged where it is missing."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise Damaged(f"{path} is missing: the backup is not whole.") from None
