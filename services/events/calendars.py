"""What calendars need to know of an agenda's past: the version that last changed each meeting, and what fell out of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.events.agenda_pages.feed import Entry
from services.events.placing import appointments, as_placement
from shared.chassis.mongo import Document, Mongo
from shared.chassis.projection import Projection
from shared.chassis.received import Received
from shared.contracts import topics
from shared.contracts.base import DomainEvent
from shared.contracts.events import AgendaPublished


def fold_calendar(_id: str, document: Document | None, received: Received, event: DomainEvent) -> Document | None:
    """Compare a version with what was known of the one before."""
    if not isinstance(event, AgendaPublished):
        return document
    known = {entry["meeting_id"]: entry for entry in document["entries"]} if document else {}
    version, changed = received.sequence, received.envelope.time
    placed = {
        one.meeting_id: _entry(one.meeting_id, [*one.members, *one.others], one.slot, one.table, True, version, changed)
        for one in event.placements
    }
    fallen = {
        id: {**entry, "placed": False, "version": version, "changed": changed}
        for id, entry in known.items()
        if entry["placed"] and id not in placed
    }
    unchanged = {id: known[id] for id, entry in placed.items() if id in known and _place(known[id]) == _place(entry)}
    entries = {**known, **fallen, **placed, **unchanged}
    return {"version": version, "entries": [entries[id] for id in sorted(entries)]}


def _entry(id: str, members: list[str], slot: int, table: int, placed: bool, version: int, changed: datetime) -> Document:
    return {
        "meeting_id": id,
        "members": members,
        "slot": slot,
        "table": table,
        "placed": placed,
        "version": version,
        "changed": changed,
    }


def _place(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    return entry["slot"], entry["table"], entry["placed"], *entry["members"]


CALENDARS = Projection("events.calendars", (topics.AGENDAS,), "calendars", fold_calendar)


async def entries_of(mongo: Mongo, event: str, member: str) -> list[Entry]:
    """Read what the calendar of a participant holds: its meetings in the agenda, those that fell out, its appointments."""
    own = {"$filter": {"input": "$entries", "cond": {"$in": [member, "$$this.members"]}}}
    found = await mongo[CALENDARS.collection].find_one({"_id": event}, {"entries": own}) or {"entries": []}
    entries = {entry["meeting_id"]: entry for entry in found["entries"]}
    for document in await appointments(mongo, event, member):
        place, id = as_placement(document), document["_id"]
        members = [*place["members"], *place["others"]]
        # It comes after whatever the agenda last said of it; of two that are as new the later DTSTAMP counts (RFC 5546, 2.1.5).
        version = (entries[id]["version"] if id in entries else 0) + 1
        entries[id] = _entry(id, members, place["slot"], place["table"], True, version, document["changed"])
    return [Entry(**{**entry, "members": tuple(entry["members"])}) for entry in entries.values()]
