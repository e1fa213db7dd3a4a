"""The agenda of a table and of a room over HTTP, as data."""

from collections.abc import Iterable
from datetime import UTC
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from services.events.agenda_view.parameters import room_of, table_of
from services.events.agenda_view.queries import newest_day
from services.events.agenda_view.schemas import RoomAgenda, TableAgenda
from services.events.agenda_view.timetable import Day, Sitting
from services.events.brokerage.queries import brokerage_event
from services.events.brokerage.rooms import where
from services.events.permissions import EventId, may_manage
from services.events.schemas import gives
from shared.chassis.http.auth import Who
from shared.chassis.http.commands import Store, encode

router = APIRouter(prefix="/brokerage-events/{id}/agenda", tags=["agendas"])


@router.get("/tables/{table}", responses=gives(TableAgenda))
async def read_agenda_of_table(id: EventId, table: int, who: Who, store: Store) -> Response:
    """Read who sits at one table, in order of time; managers."""
    event = await brokerage_event(store, id)
    may_manage(who, event["state"]["districts"])
    day = await newest_day(store, event)
    number = table_of(day, table)
    at = [one for one in day.sittings if one.table.number == number]
    return _answer(id, day, {"table": number, **where(day.occasion.tables[number])}, at)


@router.get("/rooms/{room}", responses=gives(RoomAgenda))
async def read_agenda_of_room(id: EventId, room: int, who: Who, store: Store) -> Response:
    """Read who sits in one room, in order of time and table; managers. Rooms are numbered from 1."""
    event = await brokerage_event(store, id)
    may_manage(who, event["state"]["districts"])
    day = await newest_day(store, event)
    name = room_of(day, room)
    tables = [table.number for table in day.occasion.tables.values() if table.room == name]
    return _answer(id, day, {"room": name, "tables": tables}, (one for one in day.sittings if one.table.room == name))


def _answer(id: str, day: Day, place: dict[str, Any], sittings: Iterable[Sitting]) -> Response:
    shows = {
        "event_id": id,
        "version": day.version,
        **place,
        "meetings": [
            {
                "meeting_id": one.meeting_id,
                "members": [{"id": member, "name": day.occasion.names.get(member)} for member in one.members],
                "slot": one.slot.number,
                "starts": one.slot.starts.astimezone(UTC),
                "ends": one.slot.ends.astimezone(UTC),
                "table": one.table.number,
                **where(one.table),
                "people": list(one.people),
                "labels": day.occasion.called(one.people),
            }
            for one in sittings
        ],
    }
    return JSONResponse(encode(shows))
