"""The agenda of a running day is repaired by itself: changes that come together are one repair."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias

import structlog

from services.events.brokerage.rules.days import under_way
from services.events.brokerage.state import BrokerageEvent
from services.events.computation.queries import is_current
from services.events.computation.queue import Computations, Options
from services.events.jobs.runner import Hand, apart
from services.events.meeting.aggregate import MEETING
from services.events.registration.aggregate import REGISTRATION
from shared.chassis.ids import uuid7
from shared.chassis.mongo import Document, Mongo
from shared.chassis.writes.aggregate import Stored

log = structlog.get_logger()
CALM = timedelta(seconds=3)
"""A repair is asked for when nothing has changed for so long."""
LONGEST = timedelta(seconds=20)
"""But no later than this after the first change."""
AGAIN = timedelta(seconds=30)
"""Where nothing changes the agenda is looked at again after so long: a repair may have failed, or time alone have changed
something."""
TIME_LIMIT = 10.0
Pulse: TypeAlias = tuple[int, ...]
"""The versions of all that an agenda depends on, summed up: every change raises it."""


@dataclass(frozen=True)
class Seen:
    """An event as it was seen last: since when there are changes nobody has looked at, and when it changed last."""

    pulse: Pulse
    changed: datetime
    since: datetime | None
    looked: datetime | None = None

    def due(self, now: datetime) -> bool:
        """Tell whether it is time to look at the agenda."""
        if self.since is None:
            return self.looked is None or now - self.looked >= AGAIN
        return now - self.changed >= CALM or now - self.since >= LONGEST


def see(before: Seen | None, pulse: Pulse, now: datetime) -> Seen:
    """Note how an event is now."""
    if before is None:
        return Seen(pulse, now, now)
    return before if before.pulse == pulse else replace(before, pulse=pulse, changed=now, since=before.since or now)


class Repairs:
    """Asks for a repair where the newest agenda of a running day no longer fits what is so. What was seen is in memory."""

    def __init__(self, hand: Hand, computations: Computations, wake: Callable[[], None]) -> None:
        self._hand = hand
        self._computations = computations
        self._wake = wake
        self._seen: dict[str, Seen] = {}

    async def ask(self, events: Sequence[Stored[BrokerageEvent]]) -> None:
        """Look at every running day that changed."""
        now = self._hand.clock()
        running = [event for event in events if event.state.repairs == "automatic" and under_way(event.state, now)]
        self._seen = {event.id: self._seen[event.id] for event in running if event.id in self._seen}
        for event in running:
            await apart(self._ask(event, now), event_id=event.id)

    async def _ask(self, event: Stored[BrokerageEvent], now: datetime) -> None:
        id = event.id
        seen = self._seen[id] = see(self._seen.get(id), await pulse_of(self._hand.mongo, event), now)
        if seen.due(now):
            await self._look(id, now)
            self._seen[id] = replace(seen, since=None, looked=now)

    async def _look(self, event: str, now: datetime) -> None:
        if await is_current(self._hand.mongo, event, now) in (None, True):
            return
        await self._hand.read_only.check()
        log.info("repair_asked", event_id=event)
        await self._computations.enqueue(event, Options(TIME_LIMIT, repair=True), uuid7(self._hand.clock()))
        self._wake()


async def pulse_of(mongo: Mongo, event: Stored[BrokerageEvent]) -> Pulse:
    """Sum up the versions of an event, its registrations and its meetings."""
    total: list[Document] = [{"$match": {"state.event_id": event.id}}, {"$group": {"_id": None, "versions": {"$sum": "$version"}}}]
    sums = [await mongo[one.collection].aggregate(total).to_list(None) for one in (REGISTRATION, MEETING)]
    return event.version, *(found[0]["versions"] if found else 0 for found in sums)
