"""Agendas over HTTP as pages to print, and as a picture."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Literal

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from services.events.agenda_view.parameters import InLanguage, OfRepresentative, person_of, room_of, table_of
from services.events.agenda_view.queries import read_timetable
from services.events.agenda_view.timetable import Timetable
from services.events.brokerage.access import event_acted_at, managed_event
from services.events.permissions import EventId
from services.events.printing.html import page
from services.events.printing.sheets import Sheet, participant_sheet, participants, room_sheet, table_sheet
from services.events.printing.svg import picture
from services.events.registration.queries import known_registration
from services.events.schemas import Svg
from shared.chassis.http.auth import CurrentPrincipal, Principal
from shared.chassis.http.commands import Store
from shared.chassis.mongo import Mongo
from shared.contracts.base import Id, Language

router = APIRouter(prefix="/brokerage-events/{id}/agenda/pages", tags=["agendas"])
HEADERS = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Vary": "Accept-Language",
}


@router.get("/day.svg", response_class=Svg)
async def draw_day(id: EventId, principal: CurrentPrincipal, store: Store, language: InLanguage) -> Response:
    """Draw the whole agenda, tables x slots; managers."""
    day = await _managed(id, principal, store)
    return Svg(await asyncio.to_thread(picture, day, language), headers={**HEADERS, "Content-Language": language})


@router.get("/participants/{member}", response_class=HTMLResponse)
async def print_participant(
    id: EventId,
    member: Id,
    principal: CurrentPrincipal,
    store: Store,
    language: InLanguage,
    representative: OfRepresentative = None,
) -> Response:
    """Print the agenda of one participant, or of one of its representatives; the member itself or a manager."""
    brokerage_event = await event_acted_at(store, principal, id, member)
    await known_registration(store, id, member)
    day = await read_timetable(store, brokerage_event)
    sittings, _ = day.of_member.get(member, ((), ()))
    person = await person_of(store, id, member, representative, (meeting.person(member) for meeting in sittings))
    return await _printed(day, language, lambda: [participant_sheet(day, member, language, person)])


@router.get("/tables/{table}", response_class=HTMLResponse)
async def print_table(id: EventId, table: int, principal: CurrentPrincipal, store: Store, language: InLanguage) -> Response:
    """Print the agenda of one table; managers."""
    day = await _managed(id, principal, store)
    number = table_of(day, table)
    return await _printed(day, language, lambda: [table_sheet(day, number, language)])


@router.get("/rooms/{room}", response_class=HTMLResponse)
async def print_room(id: EventId, room: int, principal: CurrentPrincipal, store: Store, language: InLanguage) -> Response:
    """Print the agenda of one room, numbered from 1; managers."""
    day = await _managed(id, principal, store)
    name = room_of(day, room)
    return await _printed(day, language, lambda: [room_sheet(day, name, language)])


@router.get("/{of}", response_class=HTMLResponse)
async def print_all(
    id: EventId, of: Literal["participants", "tables", "rooms"], principal: CurrentPrincipal, store: Store, language: InLanguage
) -> Response:
    """Print the agendas of all participants, tables or rooms, each on a page of its own; managers."""
    day = await _managed(id, principal, store)
    return await _printed(day, language, lambda: _sheets(day, of, language))


def _sheets(day: Timetable, of: str, language: Language) -> list[Sheet]:
    match of:
        case "participants":
            return [participant_sheet(day, member, language) for member in participants(day)]
        case "tables":
            return [table_sheet(day, table, language) for table in day.event.tables]
        case _:
            return [room_sheet(day, room, language) for room in day.event.rooms]


async def _managed(id: str, principal: Principal, store: Mongo) -> Timetable:
    brokerage_event = await managed_event(store, principal, id)
    return await read_timetable(store, brokerage_event)


async def _printed(day: Timetable, language: Language, sheets: Callable[[], Sequence[Sheet]]) -> Response:
    """Write beside the loop: a page of a thousand participants takes a moment."""
    html = await asyncio.to_thread(lambda: page(day, sheets(), language))
    return HTMLResponse(html, headers={**HEADERS, "Content-Language": language})
