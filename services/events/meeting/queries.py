"""Reading meetings."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.events.agenda.queries import placement_of
from services.events.agenda.state import Placement
from services.events.brokerage.state import BrokerageEvent, Slot
from services.events.meeting.aggregate import MEETING
from services.events.meeting.rules.representatives import member_of
from services.events.meeting.state import existing, sides
from shared.chassis.ids import computed_id
from shared.chassis.mongo import Document, Mongo
from shared.chassis.writes.aggregate import Stored


def meeting_id(event: str, one: str, other: str) -> str:
    """Name the one meeting of two members at an event, whoever asks."""
    return group_id(event, (one, other))


def group_id(event: str, members: Iterable[str]) -> str:
    """Name the one meeting of these members at an event, whoever asks."""
    return computed_id("meeting", event, *sorted(members))


async def meeting(mongo: Mongo, id: str) -> Document:
    """Read a meeting. Raises NotFound."""
    return existing(await mongo[MEETING.collection].find_one({"_id": id}))


async def appointments(mongo: Mongo, event: str, member: str | None = None) -> list[Document]:
    """Read the meetings that have their own slot and table, of one member where it is given."""
    agreed: Document = {"state.event_id": event, "state.status": "accepted", "state.appointment.slot": {"$gte": 1}}
    return await mongo[MEETING.collection].find({**agreed, **_of(member)}).to_list(None)


async def ever_placed(mongo: Mongo, event: str, member: str, scheduled: Iterable[str]) -> list[Document]:
    """Read the meetings of a member that were ever `scheduled`, and those that have their own slot and table, or had them once."""
    own = [{f"state.{place}.slot": {"$gte": 1}} for place in ("appointment", "last_appointment")]
    ever = {"$or": [{"_id": {"$in": list(scheduled)}}, *own]}
    return await mongo[MEETING.collection].find({"$and": [{"state.event_id": event}, ever, _of(member)]}).to_list(None)


def _of(member: str | None) -> Document:
    sides = ("state.by", "state.towards", "state.others")
    return {} if member is None else {"$or": [{side: member} for side in sides]}


def as_placement(meeting: Document) -> Placement:
    """Write an appointment as a placement of an agenda."""
    return placed_at(meeting, meeting["state"]["appointment"])


def placed_at(meeting: Document, place: Mapping[str, Any]) -> Placement:
    """Write a meeting at a place as a placement of an agenda.

    Members are in the order of the newest request, the people of the place in that of the one it was made for.
    """
    first, second, *others = members = sides(meeting["state"])
    sent = {member_of(person, members): person for person in place["people"]}
    people = tuple(sent.get(member, member) for member in members)
    return Placement(meeting["_id"], (first, second), place["slot"], place["table"], tuple(others), people)


async def slot_of(mongo: Mongo, event: Stored[BrokerageEvent], meeting: Document) -> Slot | None:
    """Read the slot of a meeting, by its appointment or the newest agenda; None where it has no place."""
    appointment, placement = meeting["state"]["appointment"], None
    if appointment is None:
        placement = await placement_of(mongo, event.id, meeting["_id"])
    number = appointment["slot"] if appointment else placement.slot if placement else None
    return next((slot for slot in event.state.slots if slot.number == number), None)
