"""What the endpoints that write agendas out have in common: the version to write, where tables stand, whose, in which language."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from fastapi import Depends, Query, Request

from services.events.agenda.queries import agenda_or_appointments, labels, with_appointments
from services.events.agenda.view import Day, Table, day_of, occasion_of
from services.events.meeting.representatives import people_of
from services.events.store import REGISTRATION, names, registration_id
from shared.chassis.errors import FieldError, NotFound
from shared.chassis.http.problems import language_of
from shared.chassis.mongo import Document, Mongo
from shared.contracts.base import Language
from shared.contracts.events import RepresentativeId


def _language(
    request: Request, lang: Annotated[Language | None, Query(description="Instead of Accept-Language.")] = None
) -> Language:
    return lang or ("it" if language_of(request) == "it" else "en")


InLanguage = Annotated[Language, Depends(_language)]
OfRepresentative = Annotated[RepresentativeId | None, Query(description="Only the meetings that this one of the member goes to.")]


async def person_of(store: Mongo, event: str, member: str, representative: str | None, seated: Iterable[str]) -> str | None:
    """Name the one of a member whose meetings are asked for; None for all. Raises NotFound for one that is not known.

    Who is `seated` is known, also where the registration names others since.
    """
    if representative is None:
        return None
    found = await store[REGISTRATION.collection].find_one({"_id": registration_id(event, member)})
    named = people_of(found["state"]) if found else ()
    known = sorted({*named, *seated} - {member})
    person = f"{member}:{representative}"
    if person not in known:
        ids = ", ".join(one.removeprefix(f"{member}:") for one in known)
        it = f"{member} non ha un rappresentante {representative}; ci sono: {ids or 'nessuno'}."
        en = f"{member} has no representative {representative}; there are: {ids or 'none'}."
        raise NotFound(
            "representative-unknown", it=it, en=en, errors=(FieldError("representative", "representative-unknown", en, it),)
        )
    return person


async def newest_day(store: Mongo, event: Document) -> Day:
    """Read what still is so of an event's newest agenda, its appointments, and the names of all in it.

    Raises NotFound where there is neither an agenda nor an appointment.
    """
    found = await agenda_or_appointments(store, event["_id"])
    whole = await with_appointments(store, event, found["state"])
    sittings = (*whole["placements"], *whole["unplaced"])
    members = {member for one in sittings for member in (*one["members"], *one["others"])}
    called = await labels(store, event["_id"], members)
    return day_of(occasion_of(event["state"], await names(store, members), called), whole, found["version"])


def where(table: Table) -> dict[str, Any]:
    """Tell where a table stands: `room` is its label, else the venue, or online."""
    return {"room": table.room, "virtual": table.virtual}


def with_rooms(event: Document, agenda: Mapping[str, Any]) -> dict[str, Any]:
    """Show an agenda as it was published, with the rooms of its tables as they are called now."""
    tables = occasion_of(event["state"], {}).tables
    placed = {
        name: [{**one, **where(tables[one["table"]])} for one in agenda.get(name, ())] for name in ("placements", "appointments")
    }
    return {**agenda, **placed}


def table_of(day: Day, table: int) -> int:
    """Find a table. Raises NotFound."""
    if table not in day.occasion.tables:
        last = max(day.occasion.tables)
        it, en = f"I tavoli vanno da 1 a {last}.", f"Tables run from 1 to {last}."
        raise NotFound("table-unknown", it=it, en=en)
    return table


def room_of(day: Day, room: int) -> str:
    """Find a room by its number, from 1. Raises NotFound."""
    rooms = day.occasion.rooms
    if not 1 <= room <= len(rooms):
        it, en = f"Le sale vanno da 1 a {len(rooms)}.", f"Rooms run from 1 to {len(rooms)}."
        raise NotFound("room-unknown", it=it, en=en)
    return rooms[room - 1]
