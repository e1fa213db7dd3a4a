"""Periodic jobs at brokerage events, and what they work with."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from services.events.brokerage.aggregate import BROKERAGE
from services.events.brokerage.rules.days import under_way
from services.events.brokerage.state import BrokerageEvent
from services.events.job_runner import JobRunner
from services.events.registration.aggregate import REGISTRATION
from shared.chassis.http.read_only_mode import ReadOnly, ReadOnlyMode
from shared.chassis.ids import uuid7
from shared.chassis.mongo import Document, Mongo
from shared.chassis.outbox.cause import Cause
from shared.chassis.writes.aggregate import Aggregate, Decide, Stored, Written
from shared.chassis.writes.queries import find_aggregates
from shared.chassis.writes.write_path import WritePath

log = structlog.get_logger()
LONG_OVER = timedelta(days=1)
"""So long after the end of its last slot, or after it was closed, nothing becomes due at an event any more."""
JUST_OVER = timedelta(hours=1)
OPEN = ["announced", "registration-open", "registration-closed", "running"]
S = TypeVar("S")
Duty = Callable[[Sequence[Stored[BrokerageEvent]]], Awaitable[None]]
"""What is to be done at some events."""


async def apart(work: Awaitable[object], **what: str) -> None:
    """Await something that holds up nothing else where it fails: that is logged, and tried again in a later round."""
    try:
        await work
    except ReadOnly:
        raise
    except Exception as error:
        log.warning("upkeep_failed", error=repr(error), **what)


def goes_on(event: Stored[BrokerageEvent], waiting: Collection[str], now: datetime) -> bool:
    """Tell whether something goes on at an event: somebody waits for a place, its day runs, the time for answers is just over."""
    until = event.state.requests_until
    just_over = until is not None and until <= now < until + JUST_OVER
    return event.id in waiting or just_over or under_way(event.state, now)


@dataclass(frozen=True)
class Hand:
    """What a duty works with."""

    mongo: Mongo
    write: WritePath
    clock: Callable[[], datetime]
    read_only: ReadOnlyMode

    async def do(self, aggregate: Aggregate[S], id: str, rule: Decide[S], event: Stored[BrokerageEvent]) -> Written[S]:
        """Do a command that nobody asked for, at a brokerage event. Raises ReadOnly while the service is closed for commands."""
        await self.read_only.check()
        cause = Cause(uuid7(self.clock()), district=event.state.districts[0])
        return await self.write.execute(aggregate, id, rule, cause)

    async def events(self) -> list[Stored[BrokerageEvent]]:
        """Read the events that are announced and neither closed nor long over."""
        lasting = {"state.status": {"$in": OPEN}, "state.slots.ends": {"$gt": self.clock() - LONG_OVER}}
        return await self._found(lasting)

    async def just_closed(self) -> list[Stored[BrokerageEvent]]:
        """Read the events that were closed within a day."""
        return await self._found({"state.status": "closed", "changed": {"$gt": self.clock() - LONG_OVER}})

    async def _found(self, query: Document) -> list[Stored[BrokerageEvent]]:
        return await find_aggregates(self.mongo, BROKERAGE, query)

    async def where_something_goes_on(self, events: Sequence[Stored[BrokerageEvent]]) -> list[Stored[BrokerageEvent]]:
        """Choose the events that are to be looked at every second."""
        standing_by = {"state.event_id": {"$in": [event.id for event in events]}, "state.status": "standby"}
        waiting = set(await self.mongo[REGISTRATION.collection].distinct("state.event_id", standing_by))
        now = self.clock()
        return [event for event in events if goes_on(event, waiting, now)]


def at_each(hand: Hand, do: Callable[[Hand, Stored[BrokerageEvent]], Awaitable[None]]) -> Duty:
    """Make a duty of what is to be done at one event: what fails at one holds up no other."""

    async def duty(events: Sequence[Stored[BrokerageEvent]]) -> None:
        for event in events:
            await apart(do(hand, event), event_id=event.id)

    return duty


class PeriodicJobs(JobRunner):
    """All jobs of this service; `last` is what is due at events that were just closed.

    Every replica may: rules and claims decide who was first. It rests while the service is closed for commands: what is due
    follows from the states, and is done afterwards.
    """

    def __init__(self, hand: Hand, duties: Sequence[Duty], last: Duty) -> None:
        super().__init__(self.round)
        self._hand = hand
        self._duties = duties
        self._last = last

    async def round(self, everywhere: bool = True) -> None:
        """Do everything that is due now; what fails holds up no other, and is tried again."""
        with suppress(ReadOnly):
            await apart(self._round(everywhere))

    async def _round(self, everywhere: bool) -> None:
        events = await self._hand.events()
        if not everywhere:
            events = await self._hand.where_something_goes_on(events)
        for duty in self._duties:
            await self._hand.read_only.check()
            await apart(duty(events))
        if everywhere:
            await self._hand.read_only.check()
            await self._last(await self._hand.just_closed())
