"""What calendars need to know of an agenda's past: the version that last changed each meeting, and what fell out of it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.events.agenda.state import Placement, agenda_of
from services.events.brokerage.state import BrokerageEvent
from services.events.calendar.ics import Entry
from services.events.meeting.cancellations import Placed, closed_since, gone_since, off_since, starts_of
from services.events.meeting.queries import ever_placed, placed_at
from services.events.registration.state import Registration
from shared.chassis.inbox.message import Received
from shared.chassis.mongo import Document, Mongo
from shared.chassis.projections.projection import Projection
from shared.chassis.writes.aggregate import Stored
from shared.contracts import topics
from shared.contracts.base import DomainEvent
from shared.contracts.events import AgendaPublished


def fold_calendar(_id: str, document: Document | None, received: Received, event: DomainEvent) -> Document | None:
    """Compare a version with what was known of the one before."""
    if not isinstance(event, AgendaPublished):
        return document
    known = {entry["meeting_id"]: entry for entry in document["entries"]} if document else {}
    version, changed = received.sequence, received.envelope.time
    placed = {placement.meeting_id: _entry(placement, True, version, changed) for placement in agenda_of(event).placements}
    fallen = {
        id: {**entry, "placed": False, "version": version, "changed": changed}
        for id, entry in known.items()
        if entry["placed"] and id not in placed
    }
    unchanged = {id: known[id] for id, entry in placed.items() if id in known and _place(known[id]) == _place(entry)}
    entries = {**known, **fallen, **placed, **unchanged}
    return {"version": version, "entries": [entries[id] for id in sorted(entries)]}


def _entry(placement: Placement, placed: bool, version: int, changed: datetime) -> Document:
    return {
        "meeting_id": placement.meeting_id,
        "members": list(placement.sides),
        "people": list(placement.people),
        "slot": placement.slot,
        "table": placement.table,
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
    for meeting in await ever_placed(mongo, event, member, entries.keys()):
        entries[meeting["_id"]] = as_it_is(meeting, entries.get(meeting["_id"]))
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


def as_it_is(meeting: Document, entry: Document | None) -> Document:
    """Say what a calendar has of a meeting, by itself and by its `entry` in the agenda's past, where it has one.

    Each turn of the meeting raises what the agenda says of it by one, for ever: so what is shown always comes after whatever
    was shown before (SEQUENCE of RFC 5546, 2.1.5).
    """
    state, turns = meeting["state"], meeting["state"].get("turns", 0)
    version = (entry["version"] if entry else 0) + turns
    place = state["appointment"] or state.get("last_appointment")
    agreed = state["status"] == "accepted"
    changed = meeting["changed"]
    if entry is not None:
        changed = max(entry["changed"], changed) if turns or not agreed else entry["changed"]
        if place is None or (agreed and not state["appointment"]):
            return {**entry, "version": version, "changed": changed, "placed": entry["placed"] and agreed}
    return _entry(placed_at(meeting, place), state["appointment"] is not None, version, changed)


def still_so(entries: Iterable[Entry], registrations: Iterable[Stored[Registration]], event: Stored[BrokerageEvent]) -> list[Entry]:
    """Say what calendars have of meetings whose sides withdrew, or came back, or whose event was closed before them.

    Each turn of a side counts as one of the meeting, for ever. The end of the event comes after all of them.
    """
    entries, sides = list(entries), {registration.state.member_id: registration for registration in registrations}
    placed = [Placed(one.meeting_id, one.members, one.slot) for one in entries if one.placed]
    withdrew = {member: gone_since(side) for member, side in sides.items() if side.state.status != "registered"}
    off = off_since(placed, {}, withdrew, starts_of(event))
    over = off_since(placed, {}, {}, starts_of(event), closed_since(event))

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
