"""The history of an agenda that calendars need: the version that last changed each meeting, and what was dropped from it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from services.events.agenda.state import Placement
from services.events.brokerage.state import BrokerageEvent
from services.events.calendar.ics import Entry
from services.events.meeting.cancellations import AgendaEntry, cancelled_at, closed_since, slot_starts, withdrawn_since
from services.events.meeting.queries import meetings_ever_placed, placement_at
from services.events.meeting.state import Meeting
from services.events.registration.state import Registration
from shared.chassis.documents import parse
from shared.chassis.inbox.message import Received
from shared.chassis.mongo import Mongo
from shared.chassis.projections.projection import Projection
from shared.chassis.writes.aggregate import Stored
from shared.contracts import topics
from shared.contracts.base import DomainEvent
from shared.contracts.events import AgendaPublished
from shared.contracts.events import Placement as PublishedPlacement


@dataclass(frozen=True)
class CalendarHistory:
    """What the versions of an agenda up to `version` said of each meeting last."""

    version: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class _Entries:
    entries: tuple[Entry, ...]


def fold_calendar(_id: str, row: CalendarHistory | None, received: Received, event: DomainEvent) -> CalendarHistory | None:
    """Compare a version with what was known of the one before."""
    if not isinstance(event, AgendaPublished):
        return row
    before = {entry.meeting_id: entry for entry in row.entries} if row else {}
    version, changed = received.sequence, received.envelope.time
    placed = {placement.meeting_id: _entry(placement, True, version, changed) for placement in event.placements}
    dropped = {
        id: replace(entry, placed=False, version=version, changed=changed)
        for id, entry in before.items()
        if entry.placed and id not in placed
    }
    unchanged = {id: before[id] for id, entry in placed.items() if id in before and _place(before[id]) == _place(entry)}
    entries = {**before, **dropped, **placed, **unchanged}
    return CalendarHistory(version, tuple(entries[id] for id in sorted(entries)))


def _entry(placement: Placement | PublishedPlacement, placed: bool, version: int, changed: datetime) -> Entry:
    return Entry(
        meeting_id=placement.meeting_id,
        members=(*placement.members, *placement.others),
        slot=placement.slot,
        table=placement.table,
        version=version,
        changed=changed,
        placed=placed,
        people=placement.people,
    )


def _place(entry: Entry) -> tuple[Any, ...]:
    return entry.slot, entry.table, entry.placed, entry.members, entry.people


CALENDARS = Projection("events.calendars", (topics.AGENDAS,), "calendars", fold_calendar, row=CalendarHistory)


async def read_entries(mongo: Mongo, event_id: str, member: str) -> list[Entry]:
    """Read what the calendar of a participant holds: its meetings in the agenda, those dropped from it, its appointments."""
    own = {"$filter": {"input": "$entries", "cond": {"$in": [member, "$$this.members"]}}}
    document = await mongo[CALENDARS.collection].find_one({"_id": event_id}, {"entries": own})
    entries = {entry.meeting_id: entry for entry in parse(_Entries, document).entries} if document else {}
    for meeting in await meetings_ever_placed(mongo, event_id, member, entries.keys()):
        entries[meeting.id] = entry_of(meeting, entries.get(meeting.id))
    return list(entries.values())


def as_corrected(brokerage_event: Stored[BrokerageEvent], entries: Iterable[Entry]) -> list[Entry]:
    """Raise what is shown by one for each correction of the event: title, venue and what tables are called may be others since."""
    corrections = brokerage_event.state.corrections
    if not corrections:
        return list(entries)
    return [
        replace(entry, version=entry.version + corrections, changed=max(entry.changed, brokerage_event.changed))
        for entry in entries
    ]


def entry_of(meeting: Stored[Meeting], entry: Entry | None) -> Entry:
    """Combine a meeting with its `entry` in the agenda's past, where it has one.

    The meeting's own sequence is added to the agenda's version, for ever: so whatever is shown always has a greater SEQUENCE than
    what was shown before (RFC 5546, 2.1.5).
    """
    state, sequence = meeting.state, meeting.state.calendar_sequence
    version = (entry.version if entry else 0) + sequence
    place = state.appointment or state.last_appointment
    accepted = state.status == "accepted"
    changed = meeting.changed
    if entry is not None:
        changed = max(entry.changed, changed) if sequence or not accepted else entry.changed
        if place is None or (accepted and not state.appointment):
            return replace(entry, version=version, changed=changed, placed=entry.placed and accepted)
    assert place is not None, "without an entry it was an appointment once"
    return _entry(placement_at(meeting, place), state.appointment is not None, version, changed)


def with_withdrawals(
    entries: Iterable[Entry], registrations: Iterable[Stored[Registration]], brokerage_event: Stored[BrokerageEvent]
) -> list[Entry]:
    """Cancel the entries whose sides withdrew, or whose event was closed before them.

    The sequence of each side is added to the version, for ever. The end of the event comes after all of them.
    """
    entries, sides = list(entries), {registration.state.member_id: registration for registration in registrations}
    placed = [AgendaEntry(entry.meeting_id, entry.members, entry.slot) for entry in entries if entry.placed]
    withdrew = {member: withdrawn_since(side) for member, side in sides.items() if side.state.status != "registered"}
    withdrawals = cancelled_at(placed, {}, withdrew, slot_starts(brokerage_event))
    closures = cancelled_at(placed, {}, {}, slot_starts(brokerage_event), closed_since(brokerage_event))

    def current(entry: Entry) -> Entry:
        id = entry.meeting_id
        changed_sides = [sides[member] for member in entry.members if member in sides and sides[member].state.calendar_sequence]
        return replace(
            entry,
            placed=entry.placed and id not in withdrawals and id not in closures,
            version=entry.version + sum(side.state.calendar_sequence for side in changed_sides) + (id in closures),
            changed=max([entry.changed, closures.get(id, entry.changed), *(side.changed for side in changed_sides)]),
        )

    return [current(entry) for entry in entries]
