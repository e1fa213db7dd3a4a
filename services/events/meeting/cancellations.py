"""Which meetings of an agenda no longer take place, though its newest version has them: until it is repaired, or computed again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.events.agenda.state import Placement, Unplaced
from services.events.brokerage.state import BrokerageEvent
from services.events.meeting.aggregate import MEETING
from services.events.registration.aggregate import REGISTRATION
from services.events.registration.queries import registration_id
from services.events.registration.state import Registration
from shared.chassis.mongo import Mongo
from shared.chassis.writes.aggregate import Stored
from shared.chassis.writes.queries import find_aggregates


@dataclass(frozen=True)
class AgendaEntry:
    """A meeting of an agenda; without a slot it has no place."""

    meeting_id: str
    sides: tuple[str, ...]
    slot: int | None


def entries_of(meetings: Iterable[Placement | Unplaced]) -> list[AgendaEntry]:
    """Read placements, and what has no place, as entries."""
    return [
        AgendaEntry(meeting.meeting_id, meeting.sides, meeting.slot if isinstance(meeting, Placement) else None)
        for meeting in meetings
    ]


def cancelled_at(
    entries: Iterable[AgendaEntry],
    ended: Mapping[str, datetime],
    withdrew: Mapping[str, datetime],
    starts: Mapping[int, datetime],
    closed: datetime | None = None,
) -> dict[str, datetime]:
    """Name the entries that are cancelled, and since when: ended themselves, or before their slot a member withdrew, or the event
    was `closed`."""
    times: dict[str, datetime] = {}
    for entry in entries:
        since = [ended[entry.meeting_id]] if entry.meeting_id in ended else []
        if entry.slot is not None:
            begins = starts[entry.slot]
            since += [withdrew[side] for side in entry.sides if side in withdrew and withdrew[side] <= begins]
            since += [closed] if closed is not None and closed < begins else []
        if since:
            times[entry.meeting_id] = min(since)
    return times


async def read_cancellations(
    mongo: Mongo, brokerage_event: Stored[BrokerageEvent], entries: Iterable[AgendaEntry]
) -> dict[str, datetime]:
    """Read which entries of an event's agenda are cancelled now, and since when."""
    entries = list(entries)
    ids = {"$in": [entry.meeting_id for entry in entries]}
    meetings = mongo[MEETING.collection].find({"_id": ids, "state.status": {"$ne": "accepted"}}, {"changed": 1})
    ended = {meeting["_id"]: meeting["changed"] async for meeting in meetings}
    sides = {side for entry in entries for side in entry.sides}
    own = {"$in": [registration_id(brokerage_event.id, side) for side in sides]}
    query = {"_id": own, "state.status": {"$ne": "registered"}}
    registrations = await find_aggregates(mongo, REGISTRATION, query)
    withdrew = {stored.state.member_id: withdrawn_since(stored) for stored in registrations}
    return cancelled_at(entries, ended, withdrew, slot_starts(brokerage_event), closed_since(brokerage_event))


def withdrawn_since(registration: Stored[Registration]) -> datetime:
    """Since when a participant is not registered. On standby it may have changed how it takes part in the meantime."""
    return registration.state.since or registration.changed


def slot_starts(brokerage_event: Stored[BrokerageEvent]) -> dict[int, datetime]:
    """When each slot of an event begins."""
    return {slot.number: slot.starts for slot in brokerage_event.state.slots}


def closed_since(brokerage_event: Stored[BrokerageEvent]) -> datetime | None:
    """Since when an event is closed: nothing about it changes any more."""
    return brokerage_event.changed if brokerage_event.state.status == "closed" else None
