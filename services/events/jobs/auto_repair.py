"""The agenda of a running day is repaired automatically; changes in quick succession make one repair."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from services.events.brokerage.rules.days import under_way
from services.events.brokerage.state import BrokerageEvent
from services.events.computation.queries import is_current
from services.events.computation.queue import Computations, Options
from services.events.jobs.periodic_jobs import BrokerageEvents, JobContext, isolated
from services.events.meeting.aggregate import MEETING
from services.events.registration.aggregate import REGISTRATION
from shared.chassis.ids import uuid7
from shared.chassis.mongo import Document, Mongo
from shared.chassis.writes.aggregate import Stored

log = structlog.get_logger()
DEBOUNCE = timedelta(seconds=3)
"""A repair starts after so long without a change."""
MAX_DELAY = timedelta(seconds=20)
"""But no later than this after the first change."""
RECHECK = timedelta(seconds=30)
"""Re-check interval for a running day without changes: a repair may have failed, and time alone changes who is late."""
TIME_LIMIT = 10.0


@dataclass(frozen=True)
class Observation:
    """An event as it was last observed. `versions` rises with every change of what its agenda depends on.

    `pending_since` is the first change that no check has covered.
    """

    versions: int
    changed: datetime
    pending_since: datetime | None
    checked: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether it is time to check the agenda."""
        if self.pending_since is None:
            return self.checked is None or now - self.checked >= RECHECK
        return now - self.changed >= DEBOUNCE or now - self.pending_since >= MAX_DELAY


def observe(before: Observation | None, versions: int, now: datetime) -> Observation:
    """Record how an event is now."""
    if before is None:
        return Observation(versions, now, now)
    if before.versions == versions:
        return before
    return replace(before, versions=versions, changed=now, pending_since=before.pending_since or now)


class AutoRepair:
    """Requests a repair where the newest agenda of a running day is out of date. Observations are kept in memory."""

    def __init__(self, context: JobContext, computations: Computations, wake: Callable[[], None]) -> None:
        self._context = context
        self._computations = computations
        self._wake = wake
        self._observations: dict[str, Observation] = {}

    async def check(self, brokerage_events: BrokerageEvents) -> None:
        """Check every running day that changed."""
        now = self._context.clock()
        running = {
            brokerage_event.id: brokerage_event
            for brokerage_event in brokerage_events
            if brokerage_event.state.repairs == "automatic" and under_way(brokerage_event.state, now)
        }
        self._observations = {id: observation for id, observation in self._observations.items() if id in running}
        for id, brokerage_event in running.items():
            await isolated(self._check(brokerage_event, now), event_id=id)

    async def _check(self, brokerage_event: Stored[BrokerageEvent], now: datetime) -> None:
        id = brokerage_event.id
        versions = await versions_of(self._context.mongo, brokerage_event)
        observation = self._observations[id] = observe(self._observations.get(id), versions, now)
        if observation.is_due(now):
            await self._repair_if_outdated(id, brokerage_event.state.districts[0], now)
            self._observations[id] = replace(observation, pending_since=None, checked=now)

    async def _repair_if_outdated(self, id: str, district: str, now: datetime) -> None:
        if await is_current(self._context.mongo, id, now) in (None, True):
            return
        await self._context.read_only.check()
        log.info("repair_requested", event_id=id)
        await self._computations.enqueue(id, Options(TIME_LIMIT, repair=True), uuid7(self._context.clock()), district)
        self._wake()


async def versions_of(mongo: Mongo, brokerage_event: Stored[BrokerageEvent]) -> int:
    """Sum up the versions of an event, its registrations and its meetings: each only grows, so every change raises the sum."""
    pipeline: list[Document] = [
        {"$match": {"state.event_id": brokerage_event.id}},
        {"$group": {"_id": None, "versions": {"$sum": "$version"}}},
    ]
    versions = brokerage_event.version
    for aggregate in (REGISTRATION, MEETING):
        for total in await mongo[aggregate.collection].aggregate(pipeline).to_list(None):
            versions += total["versions"]
    return versions
