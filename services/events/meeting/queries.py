"""Reading meetings."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from services.events.agenda.queries import placement_in_agenda
from services.events.agenda.state import Placement
from services.events.meeting.aggregate import MEETING
from services.events.meeting.state import Appointment, Meeting, Status
from services.events.registration.rules.people import member_of
from shared.chassis.errors import NotFound
from shared.chassis.http.pagination import Page, aggregate_page
from shared.chassis.ids import computed_id
from shared.chassis.mongo import Document, Mongo, Session
from shared.chassis.writes.aggregate import Stored
from shared.chassis.writes.queries import find_aggregate, find_aggregates

T = TypeVar("T")
APPOINTED: Document = {"state.status": "accepted", "state.appointment.slot": {"$gte": 1}}
"""A slot and not `$ne: None`: only so an index finds it."""


def meeting_id(event_id: str, *members: str) -> str:
    """Name the one meeting of these members at an event, whoever requests it."""
    return computed_id("meeting", event_id, *sorted(members))


async def find_meeting(mongo: Mongo, id: str) -> Stored[Meeting] | None:
    """Read a meeting; None where nobody has requested it."""
    return await find_aggregate(mongo, MEETING, id)


async def read_meeting(mongo: Mongo, id: str) -> Stored[Meeting]:
    """Read a meeting. Raises NotFound."""
    meeting = await find_meeting(mongo, id)
    if meeting is None:
        raise NotFound("meeting-unknown")
    return meeting


async def list_meetings(
    mongo: Mongo,
    event_id: str,
    member: str | None,
    status: Status | None,
    limit: int,
    cursor: str | None,
    show: Callable[[Stored[Meeting]], T],
) -> Page[T]:
    """Read a page of the meetings of an event, of one member and in one status where these are given."""
    query = {"state.event_id": event_id, **_of(member), **({"state.status": status} if status else {})}
    return await aggregate_page(mongo, MEETING, query, limit, cursor, show)


async def accepted_meetings(mongo: Mongo, event_id: str, session: Session | None = None) -> list[Stored[Meeting]]:
    """Read the accepted meetings of an event, in the order of their ids."""
    query = {"state.event_id": event_id, "state.status": "accepted"}
    return await find_aggregates(mongo, MEETING, query, session)


async def appointments(mongo: Mongo, event_id: str, member: str | None = None) -> list[Stored[Meeting]]:
    """Read the meetings that are appointments, of one member where it is given."""
    return await find_aggregates(mongo, MEETING, {"state.event_id": event_id, **APPOINTED, **_of(member)})


async def has_appointments(mongo: Mongo, event_id: str) -> bool:
    """Whether an event has any appointment."""
    return await mongo[MEETING.collection].find_one({"state.event_id": event_id, **APPOINTED}, {"_id": 1}) is not None


async def appointments_to_come(mongo: Mongo, event_id: str, slot: int) -> list[Stored[Meeting]]:
    """Read the meetings with an appointment in this slot or a later one, of which no attendance is recorded."""
    query: Document = {"state.event_id": event_id, "state.appointment.slot": {"$gte": slot}, "state.attendance": None}
    return await find_aggregates(mongo, MEETING, query)


async def meetings_ever_placed(mongo: Mongo, event_id: str, member: str, scheduled: Iterable[str]) -> list[Stored[Meeting]]:
    """Read the meetings of a member that an agenda ever `scheduled`, and those that are appointments or were once."""
    placed = [{f"state.{place}.slot": {"$gte": 1}} for place in ("appointment", "last_appointment")]
    ever: Document = {"$or": [{"_id": {"$in": list(scheduled)}}, *placed]}
    return await find_aggregates(mongo, MEETING, {"$and": [{"state.event_id": event_id}, ever, _of(member)]})


def _of(member: str | None) -> Document:
    sides = ("state.by", "state.towards", "state.others")
    return {} if member is None else {"$or": [{side: member} for side in sides]}


def appointment_placements(meetings: Iterable[Stored[Meeting]]) -> list[Placement]:
    """Write those meetings that are appointments as placements of an agenda."""
    return [placement_at(meeting, meeting.state.appointment) for meeting in meetings if meeting.state.appointment is not None]


def placement_at(meeting: Stored[Meeting], appointment: Appointment) -> Placement:
    """Write a meeting at an appointment as a placement of an agenda.

    Members are in the order of the newest request, the people of the appointment in that of the one it was made for.
    """
    first, second, *further = sides = meeting.state.sides
    people = {member_of(person, sides): person for person in appointment.people}
    return Placement(
        meeting_id=meeting.id,
        members=(first, second),
        slot=appointment.slot,
        table=appointment.table,
        others=tuple(further),
        people=tuple(people.get(side, side) for side in sides),
    )


async def slot_of(mongo: Mongo, meeting: Stored[Meeting]) -> int | None:
    """Read the slot of a meeting, by its appointment or the newest agenda; None where it has no place."""
    place = meeting.state.appointment or await placement_in_agenda(mongo, meeting.state.event_id, meeting.id)
    return place.slot if place else None
