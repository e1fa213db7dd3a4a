"""Which placed meetings no longer take place, though the newest agenda still has them: it is repaired on the day, or when asked."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from services.events.agenda.state import Placement, Unplaced
from services.events.brokerage.state import BrokerageEvent
from services.events.meeting.aggregate import MEETING
from services.events.registration.aggregate import REGISTRATION
from services.events.registration.queries import registration_id
from services.events.registration.state import Registration
from shared.chassis.mongo import Mongo
from shared.chassis.writes.aggregate import Stored
from shared.chassis.writes.queries import find_aggregates


class Placed(NamedTuple):
    """A meeting of an agenda; without a slot it has no place."""

    id: str
    members: tuple[str, ...]
    slot: int | None


def placed(meeting: Placement | Unplaced) -> Placed:
    """Read a meeting of an agenda, with or without a place."""
    return Placed(meeting.meeting_id, meeting.sides, meeting.slot if isinstance(meeting, Placement) else None)


def off_since(
    meetings: Iterable[Placed],
    ended: Mapping[str, datetime],
    withdrew: Mapping[str, datetime],
    starts: Mapping[int, datetime],
    closed: datetime | None = None,
) -> dict[str, datetime]:
    """Say which of these meetings are off, and since when: ended themselves, or before their slot a member withdrew, or the event
    was `closed`."""
    found: dict[str, datetime] = {}
    for one in meetings:
        since = [ended[one.id]] if one.id in ended else []
        if one.slot is not None:
            since += [withdrew[member] for member in one.members if member in withdrew and withdrew[member] <= starts[one.slot]]
            since += [closed] if closed is not None and closed < starts[one.slot] else []
        if since:
            found[one.id] = min(since)
    return found


async def called_off(mongo: Mongo, event: Stored[BrokerageEvent], meetings: Iterable[Placed]) -> dict[str, datetime]:
    """Say which of these meetings of an event are off now, and since when."""
    meetings = list(meetings)
    ids = {"$in": [one.id for one in meetings]}
    found = mongo[MEETING.collection].find({"_id": ids, "state.status": {"$ne": "accepted"}}, {"changed": 1})
    ended = {one["_id"]: one["changed"] async for one in found}
    here = {"$in": [registration_id(event.id, member) for member in {side for one in meetings for side in one.members}]}
    gone = {"_id": here, "state.status": {"$ne": "registered"}}
    withdrew = {stored.state.member_id: gone_since(stored) for stored in await find_aggregates(mongo, REGISTRATION, gone)}
    return off_since(meetings, ended, withdrew, starts_of(event), closed_since(event))


def gone_since(registration: Stored[Registration]) -> datetime:
    """Say since when somebody that is not registered is what it is now: who waits may have changed how it would take part."""
    return registration.state.since or registration.changed


def starts_of(event: Stored[BrokerageEvent]) -> dict[int, datetime]:
    """Say when each slot of an event begins."""
    return {slot.number: slot.starts for slot in event.state.slots}


def closed_since(event: Stored[BrokerageEvent]) -> datetime | None:
    """Say since when an event is closed: nothing about it changes any more."""
    return event.changed if event.state.status == "closed" else None
