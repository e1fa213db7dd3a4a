"""Makes a backup: closes the system for commands, lets it come to rest, saves databases and topics, opens it again."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from distretti.ops.backup import manifest as manifests
from distretti.ops.backup.connections import System, connected
from distretti.ops.backup.errors import Lapsed
from distretti.ops.backup.kafka_dump import save_topic
from distretti.ops.backup.manifest import Collection, Manifest, TopicSaved
from distretti.ops.backup.mongo_dump import kept_collections, save_database
from distretti.ops.backup.quiescence import Ends, drained
from distretti.ops.backup.read_only_lease import closed
from distretti.ops.backup.target_directory import beside, check_free, make
from shared.chassis.clock import utc_now
from shared.chassis.config import Settings
from shared.chassis.inbox.held_events import WAITING
from shared.chassis.outbox.outbox import OUTBOX, UNSENT
from shared.contracts.topics import CATALOGUE

Begin = Callable[[str, int], Callable[[int], None]]
"""Begin a leg by its name and the number of its steps; the answer is called with the steps done."""


async def back_up(settings: Settings, directory: Path, begin: Begin, patience: float = 120) -> Manifest:
    """Save a running system to `directory`, which must not be there yet, or be empty.

    It is made beside and takes its name when it is whole. Raises NotEmpty, Taken and BackupError; the system is open again
    in any case.
    """
    check_free(directory)
    with beside(directory) as draft:
        async with connected(settings) as system:
            whole, sums = await _saved(system, draft, begin, patience)
        manifests.seal(draft, whole, sums)
    return whole


async def _saved(system: System, draft: Path, begin: Begin, patience: float) -> tuple[Manifest, dict[Path, str]]:
    started = time.monotonic()
    async with closed(list(system.stores.values())) as closure:
        step = begin("at rest", 1)
        ends = await drained(system, patience)
        step(1)
        made = utc_now()
        copied = await copy(system, ends, draft, begin, closure.check)
        await _check_still(system, ends)
        closure.check()
    return await copied.described(system, made, time.monotonic() - started), copied.sums


@dataclass
class Copied:
    """What was copied, with the checksum of each file; `bytes` as they are packed."""

    databases: dict[str, dict[str, Collection]] = field(default_factory=dict)
    topics: dict[str, TopicSaved] = field(default_factory=dict)
    sums: dict[Path, str] = field(default_factory=dict)
    bytes: int = 0

    async def described(self, system: System, made: datetime, closed_seconds: float) -> Manifest:
        """Write the manifest."""
        servers = await next(iter(system.stores.values())).database.command("buildInfo")
        return Manifest(
            made=made,
            distretti=version("distretti"),
            mongodb=servers["version"],
            closed_seconds=round(closed_seconds, 1),
            bytes=self.bytes,
            waiting=sum(one[WAITING].documents for one in self.databases.values() if WAITING in one),
            databases=self.databases,
            topics=self.topics,
        )


async def copy(system: System, ends: Ends, draft: Path, begin: Begin, check: Callable[[], None]) -> Copied:
    """Copy databases, then topics up to `ends`, into a new directory; `check` is called after each part."""
    copied = Copied()
    for part in (draft, draft / "topics", draft / "databases"):
        make(part)
    for service, store in system.stores.items():
        step = begin(service, await _size(system, service))
        copied.databases[service], size = await save_database(service, store, draft, copied.sums, step)
        copied.bytes += size
        check()
    # After the databases: whatever a database has heard of is then on the topics.
    step = begin("topics", sum(ends.values()))
    for topic in CATALOGUE:
        copied.topics[topic.name], size = await save_topic(system, topic, ends, draft, copied.sums, step)
        copied.bytes += size
        check()
    return copied


async def _size(system: System, service: str) -> int:
    store = system.stores[service]
    return sum([await store[name].estimated_document_count() for name in await kept_collections(store)])


async def _check_still(system: System, ends: Ends) -> None:
    """Raise Lapsed where a command was done since the system came to rest: each leaves an event, unsent or on its topic."""
    unsent = sum([await store[OUTBOX].count_documents(UNSENT) for store in system.stores.values()])
    if unsent or await system.ends() != ends:
        raise Lapsed("A command that had begun earlier was done while it was saved: try again.")
