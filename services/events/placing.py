"""Where meetings are: in the newest version of the agenda, or in appointments outside it."""

from collections.abc import Mapping
from typing import Any

from services.events.domain.attendance import sides
from services.events.standing import called_off, placed
from services.events.store import AGENDA, MEETING
from shared.chassis.mongo import Document, Mongo


async def appointments(mongo: Mongo, event: str, member: str | None = None) -> list[Document]:
    """Read the meetings that have their own slot and table, of one member where it is given."""
    agreed: Document = {"state.event_id": event, "state.status": "accepted", "state.appointment.slot": {"$gte": 1}}
    if member is not None:
        agreed["$or"] = [{"state.by": member}, {"state.towards": member}, {"state.others": member}]
    return await mongo[MEETING.collection].find(agreed).to_list(None)


def as_placement(meeting: Document) -> dict[str, Any]:
    """Write an appointment as a placement of an agenda."""
    first, second, *others = sides(meeting["state"])
    return {"meeting_id": meeting["_id"], "members": [first, second], "others": others, **meeting["state"]["appointment"]}


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


async def slot_of(mongo: Mongo, event: Document, meeting: Document) -> Document | None:
    """Read the slot of a meeting, by its appointment or the newest agenda; None where it has no place."""
    number = (meeting["state"]["appointment"] or {}).get("slot")
    if number is None:
        placed = {"_id": event["_id"], "state.placements.meeting_id": meeting["_id"]}
        found = await mongo[AGENDA.collection].find_one(placed, {"state.placements.$": 1})
        number = found["state"]["placements"][0]["slot"] if found else None
    slots: list[Document] = event["state"]["slots"]
    return next((slot for slot in slots if slot["number"] == number), None)
