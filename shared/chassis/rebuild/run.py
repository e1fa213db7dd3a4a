"""Rebuilds projections of a service."""

import asyncio
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from shared.chassis.config import Settings
from shared.chassis.dead_letters.operator_actions import dropped_events
from shared.chassis.inbox.held_events import WAITING
from shared.chassis.mongo import Mongo, is_outage
from shared.chassis.progress import Advance, Begin
from shared.chassis.projections.projection import Projection
from shared.chassis.rebuild.cutover import Cutover
from shared.chassis.rebuild.lineage import Group
from shared.chassis.rebuild.orphans import TopicsIncomplete, remove_orphans
from shared.chassis.rebuild.shadow_fold import ShadowFold
from shared.chassis.runtime.service import Service
from shared.chassis.workers.lease import Lease

log = structlog.get_logger()
LEASE = "rebuild"
LEASE_SECONDS = 10
ROUNDS = 20
CLEARING_ATTEMPTS = 5
MAX_STREAMS = 256
NEAR = 1000


class AlreadyRebuilding(Exception):
    """Another rebuild of this service is under way."""


@dataclass(frozen=True)
class Rebuilt:
    """The result of a rebuild. `left` says why a document could not be cut over."""

    projection: str
    events: int
    seconds: float
    documents: int
    changed: int
    removed: int
    left: Sequence[str]

    @property
    def rate(self) -> float:
        """Events folded a second."""
        return self.events / self.seconds if self.seconds else 0.0


async def rebuild_service(
    service: Service, settings: Settings, projections: Sequence[Projection[Any]], clock: Callable[[], datetime], begin: Begin
) -> list[Rebuilt]:
    """Rebuild these projections of a service one after the other, while it runs or not.

    Raises AlreadyRebuilding, and LeaseLost where this one paused for so long that another began.
    """
    live = Mongo(settings.mongo_url, settings.named(service.name), settings.mongo_timeout)
    # Not in the service's own database: queries that count or list there must not see it.
    prefix = settings.named(f"{service.name}-rebuild-")
    built = Mongo(settings.mongo_url, f"{prefix}{secrets.token_hex(4)}", settings.mongo_timeout)
    lease = Lease(live, LEASE, clock, seconds=LEASE_SECONDS)
    try:
        if not await lease.acquire():
            raise AlreadyRebuilding(
                f"Another rebuild of {service.name} is under way, or was killed less than {LEASE_SECONDS} seconds ago."
            )
        clearing = asyncio.create_task(_clear(built, await built.databases(prefix)))
        try:
            return [await _Rebuild(live, built, projection, settings, lease, clock).run(begin) for projection in projections]
        finally:
            await built.drop(built.database.name)
            await lease.release()
            await clearing
    finally:
        live.close()
        built.close()


async def _clear(mongo: Mongo, databases: Sequence[str]) -> None:
    """Drop the databases of killed rebuilds, retrying: MongoDB keeps a killed client's transaction for a minute."""
    for database in databases:
        for attempt in range(CLEARING_ATTEMPTS):
            try:
                await mongo.drop(database)
                break
            except Exception as error:
                if not is_outage(error) or attempt == CLEARING_ATTEMPTS - 1:
                    log.warning("rebuild_left_behind", database=database, error=repr(error))
                    break


class _Rebuild:
    def __init__(
        self,
        live: Mongo,
        built: Mongo,
        projection: Projection[Any],
        settings: Settings,
        lease: Lease,
        clock: Callable[[], datetime],
    ) -> None:
        self._live = live
        self._built = built
        self._projection = projection
        self._lease = lease
        self._shadow = ShadowFold(built, projection, settings, clock)
        self._cutover = Cutover(live, built, projection, self._shadow.lineage, lease, clock)
        self._changed = 0

    async def run(self, begin: Begin) -> Rebuilt:
        await self._built.drop(self._built.database.name)  # of the previous projection
        try:
            dropped = await dropped_events(self._live, self._projection.name)
            step = begin(self._projection.name, await self._shadow.open(dropped))
            started = time.perf_counter()
            events = await self._catch_up(step)
            seconds = time.perf_counter() - started
            while await self._catch_up(step) > NEAR:
                pass
            return await self._cut_over(events, seconds, begin)
        finally:
            await self._shadow.close()

    async def _cut_over(self, events: int, seconds: float, begin: Begin) -> Rebuilt:
        groups = list(self._shadow.lineage.groups(list(self._shadow.lineage.streams)))
        pending = await self._cut_over_all(groups, begin("cutover", len(groups)))
        left = [reason for group in pending for reason in await self._reasons(group)]
        removed = 0
        try:
            removed = await remove_orphans(
                self._live, self._built, self._projection, self._shadow.lineage, self._lease, self._catch_up
            )
        except TopicsIncomplete as error:
            left.append(str(error))
        documents = len(self._shadow.lineage.documents)
        log.info("projection_rebuilt", projection=self._projection.name, events=events, changed=self._changed, left=len(left))
        return Rebuilt(self._projection.name, events, seconds, documents, self._changed, removed, left)

    async def _catch_up(self, step: Advance = lambda _: None) -> int:
        async def folded(number: int) -> None:
            step(number)
            await self._lease.confirm()

        return await self._shadow.catch_up(folded)

    async def _cut_over_all(self, groups: list[Group], step: Advance) -> list[Group]:
        """Cut over in rounds: a group whose live side is ahead is retried when the rebuilt side has caught up.

        Only aggregates known by now: the live side folds newer ones from their first event.
        """
        given_up: list[Group] = []
        for number in range(ROUNDS):
            pending: list[Group] = []
            for batch in _batches(groups, max(8, MAX_STREAMS >> number)):
                result = await self._cutover.take(batch)
                self._changed += result.changed
                pending += result.pending
                step(result.groups)
                await self._lease.confirm()
            if number:
                dead = set(await self._built[WAITING].distinct("lane", {"kind": "parked"}))
                given_up += [group for group in pending if group.streams & dead]
                pending = [group for group in pending if not group.streams & dead]
            if not pending:
                return given_up
            await asyncio.sleep(0.02 * number)
            await self._catch_up()
            streams = sorted({stream for group in pending for stream in group.streams})
            groups = list(self._shadow.lineage.groups(streams))
        return given_up + groups

    async def _reasons(self, group: Group) -> list[str]:
        """Why a group was left as it is."""
        entries = self._built[WAITING].find({"lane": {"$in": sorted(group.streams)}, "kind": "parked"})
        failures = [f"{entry['lane']} {entry['sequence']} cannot be folded: {entry['reason']}" async for entry in entries]
        return failures or [
            f"{stream} is further in the store than on its topic, or kept changing" for stream in sorted(group.streams)
        ]


def _batches(groups: Sequence[Group], streams: int) -> Iterator[list[Group]]:
    """Split groups into batches of about this many streams."""
    batch: list[Group] = []
    size = 0
    for group in groups:
        if batch and size + len(group.streams) > streams:
            yield batch
            batch, size = [], 0
        batch.append(group)
        size += len(group.streams)
    if batch:
        yield batch
