"""The rebuild of one projection, whole, and of every projection of a service."""

import asyncio
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from shared.chassis.config import Settings
from shared.chassis.dead_letters.operator_actions import dropped_of
from shared.chassis.inbox.held_events import WAITING
from shared.chassis.mongo import Mongo, is_outage
from shared.chassis.projections.projection import Projection
from shared.chassis.rebuild.cutover import Takeover
from shared.chassis.rebuild.lineage import Group
from shared.chassis.rebuild.orphans import TopicsIncomplete, remove_strangers
from shared.chassis.rebuild.shadow_fold import Refold
from shared.chassis.runtime.service import Service
from shared.chassis.workers.lease import Lease

log = structlog.get_logger()
Begin = Callable[[str, int], Callable[[int], None]]
"""Begins a leg of the work by its name and number of steps; the answer is told how many are done."""
LEASE = "rebuild"
LEASE_SECONDS = 10
ROUNDS = 20
CLEARING_ATTEMPTS = 5
MOST_LANES = 256
NEAR = 1000


class AlreadyRebuilding(Exception):
    """Another rebuild of this service is under way."""


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild of a projection did. `left` says of each document that could not be taken over why."""

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

    Raises AlreadyRebuilding, and LeaseLost where this one stood still for so long that another began.
    """
    live = Mongo(settings.mongo_url, settings.named(service.name), settings.mongo_timeout)
    # Not in the service's own database: nothing that counts or lists there takes it for the live one.
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
    """Drop what killed rebuilds left. MongoDB keeps a killed client's transaction for a minute, and the drop waits for it."""
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
        self._refold = Refold(built, projection, settings, clock)
        self._takeover = Takeover(live, built, projection, self._refold.footprint, lease, clock)
        self._changed = 0

    async def run(self, begin: Begin) -> Rebuilt:
        await self._built.drop(self._built.database.name)  # the projection before this one
        try:
            dropped = await dropped_of(self._live, self._projection.name)
            step = begin(self._projection.name, await self._refold.open(dropped))
            started = time.perf_counter()
            events = await self._catch_up(step)
            seconds = time.perf_counter() - started
            while await self._catch_up(step) > NEAR:
                pass
            return await self._take_over(events, seconds, begin)
        finally:
            await self._refold.close()

    async def _take_over(self, events: int, seconds: float, begin: Begin) -> Rebuilt:
        groups = list(self._refold.footprint.groups(list(self._refold.footprint.lanes)))
        pending = await self._take_all(groups, begin("taking over", len(groups)))
        left = [reason for group in pending for reason in await self._why(group)]
        removed = 0
        try:
            removed = await remove_strangers(
                self._live, self._built, self._projection, self._refold.footprint, self._lease, self._catch_up
            )
        except TopicsIncomplete as error:
            left.append(str(error))
        documents = len(self._refold.footprint.documents)
        log.info("projection_rebuilt", projection=self._projection.name, events=events, changed=self._changed, left=len(left))
        return Rebuilt(self._projection.name, events, seconds, documents, self._changed, removed, left)

    async def _catch_up(self, step: Callable[[int], None] = lambda _: None) -> int:
        async def folded(number: int) -> None:
            step(number)
            await self._lease.confirm()

        return await self._refold.catch_up(folded)

    async def _take_all(self, groups: list[Group], step: Callable[[int], None]) -> list[Group]:
        """Take over in rounds: what the live side knows better is tried again when the rebuilt one has caught up.

        Only aggregates known by now: what is new meanwhile is folded by the live side from its first event.
        """
        given_up: list[Group] = []
        for number in range(ROUNDS):
            pending: list[Group] = []
            for some in _batches(groups, max(8, MOST_LANES >> number)):
                taken = await self._takeover.take(some)
                self._changed += taken.changed
                pending += taken.pending
                step(taken.groups)
                await self._lease.confirm()
            if number:
                parked = set(await self._built[WAITING].distinct("lane", {"kind": "parked"}))
                given_up += [group for group in pending if group.lanes & parked]
                pending = [group for group in pending if not group.lanes & parked]
            if not pending:
                return given_up
            await asyncio.sleep(0.02 * number)
            await self._catch_up()
            lanes = sorted({lane for group in pending for lane in group.lanes})
            groups = list(self._refold.footprint.groups(lanes))
        return given_up + groups

    async def _why(self, group: Group) -> list[str]:
        """Say why a group was left as it is."""
        found = self._built[WAITING].find({"lane": {"$in": sorted(group.lanes)}, "kind": "parked"})
        parked = [f"{entry['lane']} {entry['sequence']} cannot be folded: {entry['reason']}" async for entry in found]
        return parked or [f"{lane} is further in the store than on its topic, or kept changing" for lane in sorted(group.lanes)]


def _batches(groups: Sequence[Group], lanes: int) -> Iterator[list[Group]]:
    """Cut groups into batches of about so many lanes."""
    batch: list[Group] = []
    size = 0
    for group in groups:
        if batch and size + len(group.lanes) > lanes:
            yield batch
            batch, size = [], 0
        batch.append(group)
        size += len(group.lanes)
    if batch:
        yield batch
