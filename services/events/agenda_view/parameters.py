"""What requests for agendas name: a language, a representative, a table, a room."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import Depends, Query, Request

from services.events.agenda_view.timetable import Day
from services.events.meeting.rules.representatives import people_of
from services.events.registration.aggregate import REGISTRATION
from services.events.registration.queries import registration_id
from shared.chassis.errors import FieldError, NotFound
from shared.chassis.http.problems import language_of
from shared.chassis.mongo import Mongo
from shared.contracts.base import Language
from shared.contracts.events import RepresentativeId


async def _language(
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
