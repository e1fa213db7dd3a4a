"""What calendars need to know of an agenda's past: the version that last changed each meeting, and what fell out of it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias

from services.events.agenda.state import Placement as PlacementState
from services.events.brokerage.state import BrokerageEvent
from services.events.calendar.ics import Entry
from services.events.meeting.cancellations import AgendaEntry, cancelled_at, closed_since, slot_starts, withdrawn_since
from services.events.meeting.queries import meetings_ever_placed, placement_at
from services.events.meeting.state import Meeting
from services.events.registration.state import Registration
from shared.chassis.inbox.message import Received
from shared.chassis.mongo import Document, Mongo
from shared.chassis.projections.projection import Projection
from shared.chassis.writes.aggregate import Stored
from shared.contracts import topics
from shared.contracts.base import DomainEvent
from shared.contracts.events import AgendaPublished, Placement

Placed: TypeAlias = Placement | PlacementState


def fold_calendar(_id: str, document: Document | None, received: Received, event: DomainEvent) -> Document | None:
    """Compare a version with what was known of the one before."""
    if not isinstance(event, AgendaPublished):
        return document
    known = {entry["meeting_id"]: entry for entry in document["entries"]} if document else {}
    version, changed = received.sequence, received.envelope.time
    placed = {one.meeting_id: _entry(one, True, version, changed) for one in event.placements}
    fallen = {
        id: {**entry, "placed": False, "version": version, "changed": changed}
        for id, entry in known.items()
        if entry["placed"] and id not in placed
    }
    unchanged = {id: known[id] for id, entry in placed.items() if id in known and _place(known[id]) == _place(entry)}
    entries = {**known, **fallen, **placed, **unchanged}
    return {"version": version, "entries": [entries[id] for id in sorted(entries)]}


def _entry(place: Placed, placed: bool, version: int, changed: datetime) -> Document:
    return {
        "meeting_id": place.meeting_id,
        "members": [*place.members, *place.others],
        "people": list(place.people),
        "slot": place.slot,
        "table": place.table,
        "placed": placed,
        "version": version,
        "changed": changed,
    }


def _place(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    return entry["slot"], entry["table"], entry["placed"], tuple(entry["members"]), tuple(entry.get("people", ()))


CALENDARS = Projection("events.calendars", (topics.AGENDAS,), "calendars", fold_calendar)


async def entries_of(mongo: Mongo, event: str, member: str) -> list[Entry]:
    """Read what the calendar of a participant holds: its meetings in the agenda, those that fell out, its appointments."""
    own = {"$filter": {"input": "$entries", "cond": {"$in": [member, "$$this.members"]}}}
    found = await mongo[CALENDARS.collection].find_one({"_id": event}, {"entries": own}) or {"entries": []}
    entries = {entry["meeting_id"]: entry for entry in found["entries"]}
    for meeting in await meetings_ever_placed(mongo, event, member, entries.keys()):
        entries[meeting.id] = as_it_is(meeting, entries.get(meeting.id))
    return [
        Entry(**{**entry, "members": tuple(entry["members"]), "people": tuple(entry.get("people", ()))})
        for entry in entries.values()
    ]


def as_corrected(event: Stored[BrokerageEvent], entries: Iterable[Entry]) -> list[Entry]:
    """Raise what is shown by one for each correction of the event: title, venue and what tables are called may be others since."""
    corrections = event.state.corrections
    if not corrections:
        return list(entries)
    return [replace(one, version=one.version + corrections, changed=max(one.changed, event.changed)) for one in entries]


def as_it_is(meeting: Stored[Meeting], entry: Document | None) -> Document:
    """Say what a calendar has of a meeting, by itself and by its `entry` in the agenda's past, where it has one.

    Each turn of the meeting raises what the agenda says of it by one, for ever: so what is shown always comes after whatever
    was shown before (SEQUENCE of RFC 5546, 2.1.5).
    """
    state, sequence = meeting.state, meeting.state.calendar_sequence
    version = (entry["version"] if entry else 0) + sequence
    place = state.appointment or state.last_appointment
    agreed = state.status == "accepted"
    changed = meeting.changed
    if entry is not None:
        changed = max(entry["changed"], changed) if sequence or not agreed else entry["changed"]
        if place is None or (agreed and not state.appointment):
            return {**entry, "version": version, "changed": changed, "placed": entry["placed"] and agreed}
    assert place is not None, "without an entry it was an appointment once"
    return _entry(placement_at(meeting, place), state.appointment is not None, version, changed)


def still_so(entries: Iterable[Entry], registrations: Iterable[Stored[Registration]], event: Stored[BrokerageEvent]) -> list[Entry]:
    """Say what calendars have of meetings whose sides withdrew, or came back, or whose event was closed before them.

    Each turn of a side counts as one of the meeting, for ever. The end of the event comes after all of them.
    """
    entries, sides = list(entries), {registration.state.member_id: registration for registration in registrations}
    placed = [AgendaEntry(one.meeting_id, one.members, one.slot) for one in entries if one.placed]
    withdrew = {member: withdrawn_since(side) for member, side in sides.items() if side.state.status != "registered"}
    off = cancelled_at(placed, {}, withdrew, slot_starts(event))
    over = cancelled_at(placed, {}, {}, slot_starts(event), closed_since(event))

    def now(entry: Entry) -> Entry:
        id = entry.meeting_id
        turned = [sides[member] for member in entry.members if member in sides and sides[member].state.calendar_sequence]
        return replace(
            entry,
            placed=entry.placed and id not in off and id not in over,
            version=entry.version + sum(side.state.calendar_sequence for side in turned) + (id in over),
            changed=max([entry.changed, over.get(id, entry.changed), *(side.changed for side in turned)]),
        )

    return [now(one) for one in entries]
