"""The manifest of a backup, and the checksums of its files."""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from distretti.ops.backup.errors import Damaged
from distretti.ops.backup.files import digest_of, write_whole

MANIFEST, SUMS = "manifest.json", "SHA256SUMS"


class Collection(BaseModel):
    """A collection: number of documents, and its indexes in MongoDB's extended JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    documents: int
    indexes: list[dict[str, Any]]


class TopicSaved(BaseModel):
    """A topic: number of partitions and records."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    partitions: int
    records: int


class Manifest(BaseModel):
    """A backup: time, versions and content. Durations are in seconds, sizes in compressed bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    format: Literal[1] = 1
    made: datetime
    distretti: str
    mongodb: str
    closed_seconds: float
    bytes: int
    waiting: int
    """Number of held events and dead letters in it."""
    databases: dict[str, dict[str, Collection]]
    topics: dict[str, TopicSaved]

    @property
    def documents(self) -> int:
        """Number of documents in all collections."""
        return sum(saved.documents for collections in self.databases.values() for saved in collections.values())

    @property
    def records(self) -> int:
        """Number of records on all topics."""
        return sum(topic.records for topic in self.topics.values())


def collection_file(directory: Path, service: str, collection: str) -> Path:
    """The file of a collection."""
    return directory / "databases" / service / f"{collection}.bson.gz"


def topic_file(directory: Path, topic: str) -> Path:
    """The file of a topic."""
    return directory / "topics" / f"{topic}.bson.gz"


def seal(directory: Path, manifest: Manifest, checksums: Mapping[Path, str]) -> None:
    """Write manifest and checksums, in the format of `sha256sum --check SHA256SUMS`."""
    file = directory / MANIFEST
    content = json.dumps(manifest.model_dump(mode="json"), indent=2) + "\n"
    manifest_digest, _ = write_whole(file, content.encode())
    digests = sorted({**checksums, file: manifest_digest}.items())
    write_whole(directory / SUMS, "".join(f"{digest}  {path.relative_to(directory)}\n" for path, digest in digests).encode())


async def read_checked(directory: Path) -> Manifest:
    """The manifest of a backup whose files all match their checksums. Raises Damaged, naming the file."""
    try:
        lines = (directory / SUMS).read_text().splitlines()
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
        raise Damaged(f"{directory} is no backup: it has no readable {SUMS}.") from None
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    for name, digest in {MANIFEST: "", **sums}.items():
        if await asyncio.to_thread(digest_of, directory / name) != digest:
            raise Damaged(f"{directory / name} does not match its checksum: use another backup. Nothing was restored.")
    try:
        manifest = Manifest.model_validate_json((directory / MANIFEST).read_text())
    except ValidationError as error:
        raise Damaged(f"{directory / MANIFEST} has another format: restore with the version that made it ({error}).") from None
    for file in files_of(directory, manifest):
        if str(file.relative_to(directory)) not in sums:
            raise Damaged(f"{SUMS} does not name {file}: the backup is incomplete.")
    return manifest


def files_of(directory: Path, manifest: Manifest) -> list[Path]:
    """The files of collections and topics."""
    collections = [(service, name) for service, saved in manifest.databases.items() for name in saved]
    topics = [topic_file(directory, topic) for topic in manifest.topics]
    return [collection_file(directory, service, name) for service, name in collections] + topics
