"""Reading an agenda joined with meetings, appointments and names."""

from collections.abc import Mapping
from typing import Any

from services.events.agenda.queries import agenda
from services.events.agenda_view.timetable import Day, day_of, occasion_of
from services.events.meeting.aggregate import MEETING
from services.events.meeting.cancellations import called_off, placed
from services.events.meeting.queries import appointments, as_placement
from services.events.projections import names
from services.events.registration.queries import labels
from shared.chassis.errors import NotFound
from shared.chassis.mongo import Document, Mongo


async def newest_day(store: Mongo, event: Document) -> Day:
    """Read what still is so of an event's newest agenda, its appointments, and the names of all in it.

    Raises NotFound where there is neither an agenda nor an appointment.
    """
    found = await agenda_or_appointments(store, event["_id"])
    whole = await with_appointments(store, event, found["state"])
    sittings = (*whole["placements"], *whole["unplaced"])
    members = {member for one in sittings for member in (*one["members"], *one["others"])}
    called = await labels(store, event["_id"], members)
    return day_of(occasion_of(event["state"], await names(store, members), called), whole, found["version"])


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
