"""Creates a backup: read-only mode, quiescence, copies of databases and topics, read-write mode."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from distretti.devstack.private_directory import make_private
from distretti.ops.backup import manifest as manifests
from distretti.ops.backup.connections import System, connected
from distretti.ops.backup.errors import Lapsed
from distretti.ops.backup.kafka_dump import save_topic
from distretti.ops.backup.manifest import Collection, Manifest, TopicSaved
from distretti.ops.backup.mongo_dump import save_database, saved_collections
from distretti.ops.backup.quiescence import Ends, wait_until_quiescent
from distretti.ops.backup.read_only_lease import read_only
from distretti.ops.backup.target_directory import check_free, staging_directory
from shared.chassis.clock import utc_now
from shared.chassis.config import Settings
from shared.chassis.inbox.held_events import WAITING
from shared.chassis.outbox.outbox import OUTBOX, UNSENT
from shared.chassis.progress import Begin
from shared.contracts.topics import CATALOGUE


async def back_up(settings: Settings, directory: Path, begin: Begin, patience: float = 120) -> Manifest:
    """Save a running system to `directory`, which must not exist, or be empty.

    It is written to a staging directory and renamed when complete. Raises NotEmpty, DirectoryInUse and BackupError; the
    system is read-write afterwards in any case.
    """
    check_free(directory)
    with staging_directory(directory) as staging:
        async with connected(settings) as system:
            manifest, checksums = await _save(system, staging, begin, patience)
        manifests.seal(staging, manifest, checksums)
    return manifest


async def _save(system: System, staging: Path, begin: Begin, patience: float) -> tuple[Manifest, dict[Path, str]]:
    started = time.monotonic()
    async with read_only(list(system.stores.values())) as lease:
        step = begin("quiescence", 1)
        ends = await wait_until_quiescent(system, patience)
        step(1)
        made = utc_now()
        copy = await copy_system(system, ends, staging, begin, lease.check)
        await _check_unchanged(system, ends)
        lease.check()
    return await copy.manifest(system, made, time.monotonic() - started), copy.checksums


@dataclass
class Copy:
    """The copied databases and topics, with the checksum of each file; `bytes` is their compressed size."""

    databases: dict[str, dict[str, Collection]] = field(default_factory=dict)
    topics: dict[str, TopicSaved] = field(default_factory=dict)
    checksums: dict[Path, str] = field(default_factory=dict)
    bytes: int = 0

    async def manifest(self, system: System, made: datetime, closed_seconds: float) -> Manifest:
        """The manifest of this copy."""
        servers = await next(iter(system.stores.values())).database.command("buildInfo")
        return Manifest(
            made=made,
            distretti=version("distretti"),
            mongodb=servers["version"],
            closed_seconds=round(closed_seconds, 1),
            bytes=self.bytes,
            waiting=sum(saved[WAITING].documents for saved in self.databases.values() if WAITING in saved),
            databases=self.databases,
            topics=self.topics,
        )


async def copy_system(system: System, ends: Ends, directory: Path, begin: Begin, check: Callable[[], None]) -> Copy:
    """Copy databases, then topics up to `ends`, into a new directory; `check` is called after each part."""
    copy = Copy()
    for folder in (directory, directory / "topics", directory / "databases"):
        make_private(folder)
    for service, store in system.stores.items():
        step = begin(service, await _size(system, service))
        copy.databases[service], size = await save_database(service, store, directory, copy.checksums, step)
        copy.bytes += size
        check()
    # After the databases: every event that a database has applied is then on the topics.
    step = begin("topics", sum(ends.values()))
    for topic in CATALOGUE:
        copy.topics[topic.name], size = await save_topic(system, topic, ends, directory, copy.checksums, step)
        copy.bytes += size
        check()
    return copy


async def _size(system: System, service: str) -> int:
    store = system.stores[service]
    return sum([await store[name].estimated_document_count() for name in await saved_collections(store)])


async def _check_unchanged(system: System, ends: Ends) -> None:
    """Raise Lapsed where a command was executed since quiescence: each leaves an event, unsent or on its topic."""
    unsent = sum([await store[OUTBOX].count_documents(UNSENT) for store in system.stores.values()])
    if unsent or await system.ends() != ends:
        raise Lapsed("A command that began before read-only mode was executed during the backup: retry.")
