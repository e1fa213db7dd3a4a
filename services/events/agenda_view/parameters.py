"""What requests for agendas name: a language, a representative, a table, a room."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import Depends, Query, Request

from services.events.agenda_view.timetable import Timetable
from services.events.registration.queries import find_registration
from services.events.registration.rules.people import people_of
from shared.chassis.errors import FieldError, NotFound
from shared.chassis.http.problems import language_of, requested_language
from shared.chassis.mongo import Mongo
from shared.chassis.texts import text
from shared.contracts.base import Language
from shared.contracts.events import RepresentativeId


async def _language(
    request: Request, lang: Annotated[Language | None, Query(description="Instead of Accept-Language.")] = None
) -> Language:
    return lang or language_of(request)


async def _requested_language(
    request: Request, lang: Annotated[Language | None, Query(description="Instead of Accept-Language.")] = None
) -> Language | None:
    return lang or requested_language(request)


RequestedLanguage = Annotated[Language | None, Depends(_requested_language)]
InLanguage = Annotated[Language, Depends(_language)]
OfRepresentative = Annotated[RepresentativeId | None, Query(description="Only the meetings that this one of the member goes to.")]


async def person_of(store: Mongo, event_id: str, member: str, representative: str | None, seated: Iterable[str]) -> str | None:
    """Name the person of a member whose meetings are requested; None for all. Raises NotFound for an unknown representative.

    Who is `seated` is known, even if the registration names others since.
    """
    if representative is None:
        return None
    registration = await find_registration(store, event_id, member)
    named = people_of(registration.state) if registration else ()
    people = sorted({*named, *seated} - {member})
    person = f"{member}:{representative}"
    if person not in people:
        ids = ", ".join(person.removeprefix(f"{member}:") for person in people)
        names = {"member": member, "representative": representative}
        message = text("representatives-are", **names, known=ids) if ids else text("representatives-none", **names)
        raise NotFound("representative-unknown", FieldError("representative", "representative-unknown", message), message=message)
    return person


def table_of(timetable: Timetable, table: int) -> int:
    """Find a table. Raises NotFound."""
    if table not in timetable.event.tables:
        raise NotFound("table-unknown", last=max(timetable.event.tables))
    return table


def room_of(timetable: Timetable, room: int) -> str:
    """Find a room by its number, from 1. Raises NotFound."""
    rooms = timetable.event.rooms
    if not 1 <= room <= len(rooms):
        raise NotFound("room-unknown", last=len(rooms))
    return rooms[room - 1]
