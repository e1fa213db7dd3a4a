"""What took place at an event, told when it is closed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.events.placing import appointments, as_placement
from services.events.standing import called_off, placed
from services.events.store import AGENDA, MEETING, next_slot
from shared.chassis.mongo import Document, Mongo
from shared.contracts.events import BrokerageEventClosed, Placement


async def what_took_place(mongo: Mongo, event: Document, now: datetime) -> BrokerageEventClosed:
    """Name the newest version of the agenda, what of it did not take place and what never will, and the same of appointments.

    Of a meeting that has begun and of which nobody has said a word it is taken that it was held.
    """
    id = event["_id"]
    agenda = await mongo[AGENDA.collection].find_one({"_id": id})
    scheduled = agenda["state"]["placements"] if agenda else []
    booked = [as_placement(document) for document in await appointments(mongo, id)]
    accepted = mongo[MEETING.collection].find({"state.event_id": id, "state.status": "accepted"}, {"state.attendance": 1})
    attended = {one["_id"]: one["state"]["attendance"] async for one in accepted}
    off = await called_off(mongo, event, map(placed, (*scheduled, *booked)))
    moved = {one["meeting_id"] for one in booked}
    scheduled_still = [one for one in scheduled if one["meeting_id"] not in moved]
    on = {one["meeting_id"]: one for one in (*scheduled_still, *booked) if one["meeting_id"] in attended.keys() - off.keys()}
    coming = next_slot(event["state"], now)
    held = {id for id, one in on.items() if _was_held(attended[id], one, coming)}
    to_come = {id for id, one in on.items() if attended[id] is None and one["slot"] >= coming}
    return BrokerageEventClosed(
        agenda=agenda["version"] if agenda else None,
        not_held=tuple(one["meeting_id"] for one in scheduled if one["meeting_id"] not in held - moved),
        appointments=tuple(Placement.model_validate(one) for one in booked if one["meeting_id"] in held),
        called_off=tuple(one["meeting_id"] for one in scheduled_still if one["meeting_id"] in to_come),
        appointments_off=tuple(Placement.model_validate(one) for one in booked if one["meeting_id"] in to_come),
    )


def _was_held(attendance: Mapping[str, Any] | None, one: Mapping[str, Any], coming: int) -> bool:
    return bool(attendance["held"]) if attendance else bool(one["slot"] < coming)
