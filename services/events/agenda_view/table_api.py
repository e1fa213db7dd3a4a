"""The agenda of a table and of a room over HTTP, as data."""

from collections.abc import Iterable

from fastapi import APIRouter

from services.events.agenda_view.parameters import room_of, table_of
from services.events.agenda_view.queries import read_timetable
from services.events.agenda_view.schemas import MeetingAtTable, RoomAgenda, TableAgenda
from services.events.agenda_view.timetable import EventDetails, ScheduledMeeting
from services.events.brokerage.access import managed_event
from services.events.permissions import EventId
from services.events.schemas import NamedMember
from shared.chassis.http.auth import CurrentPrincipal
from shared.chassis.http.commands import Store

router = APIRouter(prefix="/brokerage-events/{id}/agenda", tags=["agendas"])


@router.get("/tables/{table}")
async def read_agenda_of_table(id: EventId, table: int, principal: CurrentPrincipal, store: Store) -> TableAgenda:
    """Read who sits at one table, in order of time; managers."""
    brokerage_event = await managed_event(store, principal, id)
    timetable = await read_timetable(store, brokerage_event)
    place = timetable.event.tables[table_of(timetable, table)]
    return TableAgenda(
        event_id=id,
        version=timetable.version,
        table=place.number,
        room=place.room,
        virtual=place.virtual,
        meetings=_at_tables(timetable.event, (meeting for meeting in timetable.meetings if meeting.table == place)),
    )


@router.get("/rooms/{room}")
async def read_agenda_of_room(id: EventId, room: int, principal: CurrentPrincipal, store: Store) -> RoomAgenda:
    """Read who sits in one room, in order of time and table; managers. Rooms are numbered from 1."""
    brokerage_event = await managed_event(store, principal, id)
    timetable = await read_timetable(store, brokerage_event)
    name = room_of(timetable, room)
    return RoomAgenda(
        event_id=id,
        version=timetable.version,
        room=name,
        tables=[table.number for table in timetable.event.tables.values() if table.room == name],
        meetings=_at_tables(timetable.event, (meeting for meeting in timetable.meetings if meeting.table.room == name)),
    )


def _at_tables(event: EventDetails, meetings: Iterable[ScheduledMeeting]) -> list[MeetingAtTable]:
    return [
        MeetingAtTable(
            meeting_id=meeting.meeting_id,
            members=[NamedMember(id=side, name=event.names.get(side)) for side in meeting.sides],
            slot=meeting.slot.number,
            starts=meeting.slot.starts,
            ends=meeting.slot.ends,
            table=meeting.table.number,
            room=meeting.table.room,
            virtual=meeting.table.virtual,
            people=list(meeting.people),
            labels=event.labels_of(meeting.people),
        )
        for meeting in meetings
    ]
