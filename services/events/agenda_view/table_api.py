"""The agenda of a table and of a room over HTTP, as data."""

from collections.abc import Iterable

from fastapi import APIRouter

from services.events.agenda_view.parameters import room_of, table_of
from services.events.agenda_view.queries import newest_day
from services.events.agenda_view.schemas import RoomAgenda, SeatedMeeting, TableAgenda
from services.events.agenda_view.timetable import Day, Sitting
from services.events.brokerage.queries import brokerage_event
from services.events.permissions import EventId, may_manage
from services.events.schemas import NamedMember
from shared.chassis.http.auth import Who
from shared.chassis.http.commands import Store

router = APIRouter(prefix="/brokerage-events/{id}/agenda", tags=["agendas"])


@router.get("/tables/{table}")
async def read_agenda_of_table(id: EventId, table: int, who: Who, store: Store) -> TableAgenda:
    """Read who sits at one table, in order of time; managers."""
    event = await brokerage_event(store, id)
    may_manage(who, event.state.districts)
    day = await newest_day(store, event)
    place = table_of(day, table)
    sittings = [sitting for sitting in day.sittings if sitting.table == place]
    return TableAgenda(
        event_id=id,
        version=day.version,
        table=place.number,
        room=place.room,
        virtual=place.virtual,
        meetings=_meetings(day, sittings),
    )


@router.get("/rooms/{room}")
async def read_agenda_of_room(id: EventId, room: int, who: Who, store: Store) -> RoomAgenda:
    """Read who sits in one room, in order of time and table; managers. Rooms are numbered from 1."""
    event = await brokerage_event(store, id)
    may_manage(who, event.state.districts)
    day = await newest_day(store, event)
    name = room_of(day, room)
    return RoomAgenda(
        event_id=id,
        version=day.version,
        room=name,
        tables=[table.number for table in day.occasion.tables.values() if table.room == name],
        meetings=_meetings(day, (sitting for sitting in day.sittings if sitting.table.room == name)),
    )


def _meetings(day: Day, sittings: Iterable[Sitting]) -> list[SeatedMeeting]:
    return [
        SeatedMeeting(
            meeting_id=sitting.meeting_id,
            members=[NamedMember(id=member, name=day.occasion.names.get(member)) for member in sitting.members],
            slot=sitting.slot.number,
            starts=sitting.slot.starts,
            ends=sitting.slot.ends,
            table=sitting.table.number,
            room=sitting.table.room,
            virtual=sitting.table.virtual,
            people=list(sitting.people),
            labels=day.occasion.called(sitting.people),
        )
        for sitting in sittings
    ]
