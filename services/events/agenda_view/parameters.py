"""What requests for agendas name: a language, a representative, a table, a room."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import Depends, Query, Request

from services.events.agenda_view.timetable import Day
from services.events.brokerage.rooms import TableRoom
from services.events.meeting.rules.representatives import people_of
from services.events.registration.queries import find_registration
from shared.chassis.errors import FieldError, NotFound
from shared.chassis.http.problems import language_of
from shared.chassis.mongo import Mongo
from shared.chassis.texts import text
from shared.contracts.base import Language
from shared.contracts.events import RepresentativeId


async def _language(
    request: Request, lang: Annotated[Language | None, Query(description="Instead of Accept-Language.")] = None
) -> Language:
    return lang or language_of(request)


InLanguage = Annotated[Language, Depends(_language)]
OfRepresentative = Annotated[RepresentativeId | None, Query(description="Only the meetings that this one of the member goes to.")]


async def person_of(store: Mongo, event: str, member: str, representative: str | None, seated: Iterable[str]) -> str | None:
    """Name the representative of a member whose meetings are requested; None for all. Raises NotFound for an unknown one.

    Whoever is `seated` is known, also where the registration names others since.
    """
    if representative is None:
        return None
    registration = await find_registration(store, event, member)
    registered = people_of(registration.state) if registration else ()
    known = sorted({*registered, *seated} - {member})
    person = f"{member}:{representative}"
    if person not in known:
        ids = ", ".join(person.removeprefix(f"{member}:") for person in known) or text("none")
        message = text("representative-unknown", member=member, representative=representative, known=ids)
        raise NotFound("representative-unknown", FieldError("representative", "representative-unknown", message), message=message)
    return person


def table_of(day: Day, table: int) -> TableRoom:
    """Find a table. Raises NotFound."""
    if table not in day.occasion.tables:
        raise NotFound("table-unknown", last=max(day.occasion.tables))
    return day.occasion.tables[table]


def room_of(day: Day, room: int) -> str:
    """Find a room by its number, from 1. Raises NotFound."""
    rooms = day.occasion.rooms
    if not 1 <= room <= len(rooms):
        raise NotFound("room-unknown", last=len(rooms))
    return rooms[room - 1]
