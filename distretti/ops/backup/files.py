"""A file of a backup: BSON documents one after the other, compressed by gzip, for their owner's eyes alone."""

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


class _Hashed:
    """Writes through to a file and hashes what is written."""

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
        """Bring it to the disk; return the SHA-256 of what was written."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return self._digest.hexdigest()


class Writer:
    """Writes documents to a new file."""

    def __init__(self, path: Path) -> None:
        self.count = 0
        self._raw = _Hashed(path)
        self._packed = gzip.GzipFile("", "wb", 1, self._raw, mtime=0)

    def write(self, documents: Sequence[bytes]) -> None:
        """Write some documents, each in BSON."""
        self._packed.write(b"".join(documents))
        self.count += len(documents)

    def close(self) -> tuple[str, int]:
        """End the file; return its SHA-256 and its length in bytes."""
        self._packed.close()
        return self._raw.close(), self._raw.bytes


def write_whole(path: Path, content: bytes) -> tuple[str, int]:
    """Write a small file as it is; return its SHA-256 and its length."""
    raw = _Hashed(path)
    raw.write(content)
    return raw.close(), raw.bytes


def batches(path: Path) -> Iterator[list[bytes]]:
    """Read a file some documents at a time, each in BSON. Raises Damaged where it is cut short."""
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
    """Hash a file as it lies there. Raises Damaged where there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise Damaged(f"{path} is missing: the backup is not whole.") from None
