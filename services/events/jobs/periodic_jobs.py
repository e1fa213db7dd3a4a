"""The periodic jobs of brokerage events: their context, and the rounds that run them."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog

from services.events.brokerage.aggregate import BROKERAGE
from services.events.brokerage.rules.days import under_way
from services.events.brokerage.state import BrokerageEvent
from services.events.job_runner import JobRunner
from services.events.registration.aggregate import REGISTRATION
from shared.chassis.http.read_only_mode import ReadOnly, ReadOnlyMode
from shared.chassis.ids import uuid7
from shared.chassis.mongo import Mongo
from shared.chassis.outbox.cause import Cause
from shared.chassis.writes.aggregate import Aggregate, Decide, Stored, Written
from shared.chassis.writes.queries import find_aggregates
from shared.chassis.writes.write_path import Alongside, WritePath

log = structlog.get_logger()
RETENTION = timedelta(days=1)
"""After the end of its last slot, or after it was closed, an event needs no jobs once this has passed."""
AFTER_DEADLINE = timedelta(hours=1)
"""So long after the deadline for requests an event is in every round."""
OPEN = ["announced", "registration-open", "registration-closed", "running"]
S = TypeVar("S")
BrokerageEvents = Sequence[Stored[BrokerageEvent]]
Job = Callable[[BrokerageEvents], Awaitable[None]]
"""Does what is due at these brokerage events."""


async def isolated(work: Awaitable[object], **context: str) -> None:
    """Await work whose failure must not stop the rest: log it, the next round retries."""
    try:
        await work
    except ReadOnly:
        raise
    except Exception as error:
        log.warning("job_failed", error=repr(error), **context)


def is_busy(brokerage_event: Stored[BrokerageEvent], waiting: Collection[str], now: datetime) -> bool:
    """Whether an event is in every round: it has a waiting list, its day runs, or its deadline has just passed."""
    until = brokerage_event.state.requests_until
    deadline_passed = until is not None and until <= now < until + AFTER_DEADLINE
    return brokerage_event.id in waiting or deadline_passed or under_way(brokerage_event.state, now)


@dataclass(frozen=True)
class JobContext:
    """What jobs work with."""

    mongo: Mongo
    write: WritePath
    clock: Callable[[], datetime]
    read_only: ReadOnlyMode

    async def execute(
        self,
        aggregate: Aggregate[S],
        id: str,
        rule: Decide[S],
        brokerage_event: Stored[BrokerageEvent],
        alongside: Alongside | None = None,
    ) -> Written[S]:
        """Execute a command of the service itself, at a brokerage event. Raises ReadOnly while the service is read-only."""
        await self.read_only.check()
        cause = Cause(uuid7(self.clock()), district=brokerage_event.state.districts[0])
        return await self.write.execute(aggregate, id, rule, cause, alongside=alongside)

    async def open_events(self) -> BrokerageEvents:
        """Read the events that are announced, not closed, and within the retention after their last slot."""
        query = {"state.status": {"$in": OPEN}, "state.slots.ends": {"$gt": self.clock() - RETENTION}}
        return await find_aggregates(self.mongo, BROKERAGE, query)

    async def just_closed(self) -> BrokerageEvents:
        """Read the events that were closed within the retention."""
        query: dict[str, Any] = {"state.status": "closed", "changed": {"$gt": self.clock() - RETENTION}}
        return await find_aggregates(self.mongo, BROKERAGE, query)

    async def busy(self, brokerage_events: BrokerageEvents) -> BrokerageEvents:
        """Choose the events that are in every round."""
        ids = [brokerage_event.id for brokerage_event in brokerage_events]
        standby = {"state.event_id": {"$in": ids}, "state.status": "standby"}
        waiting = set(await self.mongo[REGISTRATION.collection].distinct("state.event_id", standby))
        now = self.clock()
        return [brokerage_event for brokerage_event in brokerage_events if is_busy(brokerage_event, waiting, now)]


def for_each(context: JobContext, work: Callable[[JobContext, Stored[BrokerageEvent]], Awaitable[None]]) -> Job:
    """Make a job of work at one event: a failure at one stops no other."""

    async def job(brokerage_events: BrokerageEvents) -> None:
        for brokerage_event in brokerage_events:
            await isolated(work(context, brokerage_event), event_id=brokerage_event.id)

    return job


class PeriodicJobs(JobRunner):
    """All jobs of this service; `closing` is due at events that were just closed.

    Every replica runs them: rules and claims decide which one wins. Nothing runs while the service is read-only: what is due
    follows from the states, and is done afterwards.
    """

    def __init__(self, context: JobContext, jobs: Sequence[Job], closing: Job) -> None:
        super().__init__(self.round)
        self._context = context
        self._periodic = jobs
        self._closing = closing

    async def round(self, everywhere: bool = True) -> None:
        """Do all that is due now; failures are isolated and retried in a later round."""
        with suppress(ReadOnly):
            await isolated(self._round(everywhere))

    async def _round(self, everywhere: bool) -> None:
        brokerage_events = await self._context.open_events()
        if not everywhere:
            brokerage_events = await self._context.busy(brokerage_events)
        for job in self._periodic:
            await self._context.read_only.check()
            await isolated(job(brokerage_events))
        if everywhere:
            await self._context.read_only.check()
            await self._closing(await self._context.just_closed())
