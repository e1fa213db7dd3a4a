"""What a backup says of itself, and the checksums of all its files."""

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
    """A collection: how many documents, and its indexes in MongoDB's extended JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    documents: int
    indexes: list[dict[str, Any]]


class TopicSaved(BaseModel):
    """A topic: its partitions and how many records."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    partitions: int
    records: int


class Manifest(BaseModel):
    """A backup: of which moment, made by which version, what is in it. Times are in seconds, sizes in bytes, packed."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    format: Literal[1] = 1
    made: datetime
    distretti: str
    mongodb: str
    closed_seconds: float
    bytes: int
    waiting: int
    """Events held or parked when it was made; they are saved as they are."""
    databases: dict[str, dict[str, Collection]]
    topics: dict[str, TopicSaved]

    @property
    def documents(self) -> int:
        """How many documents all collections have."""
        return sum(one.documents for collections in self.databases.values() for one in collections.values())

    @property
    def records(self) -> int:
        """How many records all topics have."""
        return sum(topic.records for topic in self.topics.values())


def collection_file(directory: Path, service: str, collection: str) -> Path:
    """Say where a collection is kept."""
    return directory / "databases" / service / f"{collection}.bson.gz"


def topic_file(directory: Path, topic: str) -> Path:
    """Say where a topic is kept."""
    return directory / "topics" / f"{topic}.bson.gz"


def seal(directory: Path, manifest: Manifest, sums: Mapping[Path, str]) -> None:
    """Write manifest and checksums; `sha256sum --check SHA256SUMS` reads them too."""
    file = directory / MANIFEST
    content = json.dumps(manifest.model_dump(mode="json"), indent=2) + "\n"
    digest, _ = write_whole(file, content.encode())
    lines = [f"{each}  {path.relative_to(directory)}\n" for path, each in sorted({**sums, file: digest}.items())]
    write_whole(directory / SUMS, "".join(lines).encode())


async def checked(directory: Path) -> Manifest:
    """Read a backup's manifest once every file is as it was written. Raises Damaged, naming the file."""
    try:
        lines = (directory / SUMS).read_text().splitlines()
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
        raise Damaged(f"{directory} is no backup: it has no readable {SUMS}.") from None
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    for name, digest in {MANIFEST: "", **sums}.items():
        if await asyncio.to_thread(digest_of, directory / name) != digest:
            raise Damaged(f"{directory / name} is not as it was written: take another backup. Nothing was restored.")
    try:
        manifest = Manifest.model_validate_json((directory / MANIFEST).read_text())
    except ValidationError as error:
        raise Damaged(f"{directory / MANIFEST} is of another format: restore with the version that made it ({error}).") from None
    for file in files_of(directory, manifest):
        if str(file.relative_to(directory)) not in sums:
            raise Damaged(f"{SUMS} does not name {file}: the backup is not whole.")
    return manifest


def files_of(directory: Path, manifest: Manifest) -> list[Path]:
    """List the files with content."""
    collections = [collection_file(directory, service, name) for service, found in manifest.databases.items() for name in found]
    return collections + [topic_file(directory, topic) for topic in manifest.topics]
