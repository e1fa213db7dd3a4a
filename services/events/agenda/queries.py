"""Where meetings are: in the newest version of the agenda, or in appointments outside it."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.events.agenda.cancellations import called_off, placed
from services.events.agenda.rules import seated
from services.events.attendance.rules import sides
from services.events.meeting.representatives import member_of
from services.events.store import AGENDA, MEETING, REGISTRATION, agenda
from shared.chassis.errors import NotFound
from shared.chassis.mongo import Document, Mongo


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


def as_placement(meeting: Document) -> dict[str, Any]:
    """Write an appointment as a placement of an agenda."""
    return placed_at(meeting, meeting["state"]["appointment"])


def placed_at(meeting: Document, place: Mapping[str, Any]) -> dict[str, Any]:
    """Write a meeting at a place as a placement of an agenda.

    Members are in the order of the newest request, the people of the place in that of the one it was made for.
    """
    first, second, *others = members = sides(meeting["state"])
    sent = {member_of(person, members): person for person in place["people"]}
    return {
        "meeting_id": meeting["_id"],
        "members": [first, second],
        "others": others,
        "slot": place["slot"],
        "table": place["table"],
        "people": [sent.get(member, member) for member in members],
    }


async def agenda_or_appointments(mongo: Mongo, event: str) -> Document:
    """Read the newest version of an event's agenda; before the first, an empty one (version 0) where there are appointments.

    Raises NotFound where there is neither.
    """
    try:
        return await agenda(mongo, event)
    except NotFound:
        booked = {"state.event_id": event, "state.status": "accepted", "state.appointment.slot": {"$gte": 1}}
        if await mongo[MEETING.collection].find_one(booked, {"_id": 1}) is None:
            raise
        return {"_id": event, "version": 0, "state": {"placements": [], "unplaced": []}}


async def with_appointments(mongo: Mongo, event: Document, agenda: Mapping[str, Any]) -> dict[str, Any]:
    """Read what an agenda says and is still so, together with the appointments; a meeting that is one is not missing in it."""
    booked = [as_placement(document) for document in await appointments(mongo, event["_id"])]
    ids = {one["meeting_id"] for one in booked}
    placements = [*(one for one in agenda["placements"] if one["meeting_id"] not in ids), *booked]
    unplaced = [one for one in agenda["unplaced"] if one["meeting_id"] not in ids]
    off = await called_off(mongo, event, map(placed, (*placements, *unplaced)))
    return {
        **agenda,
        "placements": [one for one in placements if one["meeting_id"] not in off],
        "unplaced": [one for one in unplaced if one["meeting_id"] not in off],
    }


async def labels(mongo: Mongo, event: str, members: Iterable[str]) -> dict[str, str]:
    """Read what the representatives of these members are called; one without a label is absent."""
    several = {
        "state.event_id": event,
        "state.member_id": {"$in": list(members)},
        "state.representatives.label": {"$type": "string"},
    }
    found = mongo[REGISTRATION.collection].find(several, {"state.member_id": 1, "state.representatives": 1})
    return {
        f"{one['state']['member_id']}:{representative['id']}": representative["label"]
        async for one in found
        for representative in one["state"]["representatives"]
        if representative["label"]
    }


async def slot_of(mongo: Mongo, event: Document, meeting: Document) -> Document | None:
    """Read the slot of a meeting, by its appointment or the newest agenda; None where it has no place."""
    place = meeting["state"]["appointment"] or await in_agenda(mongo, event["_id"], meeting["_id"]) or {"slot": None}
    slots: list[Document] = event["state"]["slots"]
    return next((slot for slot in slots if slot["number"] == place["slot"]), None)


async def in_agenda(mongo: Mongo, event: str, meeting: str) -> Document | None:
    """Read the place of a meeting in the newest agenda, and who sits there; None where it has none."""
    placed = {"_id": event, "state.placements.meeting_id": meeting}
    found = await mongo[AGENDA.collection].find_one(placed, {"state.placements.$": 1})
    return {**(one := found["state"]["placements"][0]), "people": seated(one)} if found else None
