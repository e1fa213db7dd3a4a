"""What took place at an event, told when it is closed."""

from services.events.placing import appointments, as_placement
from services.events.standing import called_off, placed
from services.events.store import AGENDA, MEETING
from shared.chassis.mongo import Document, Mongo
from shared.contracts.events import BrokerageEventClosed, Placement


async def what_took_place(mongo: Mongo, event: Document) -> BrokerageEventClosed:
    """Name the newest version of the agenda, which of its meetings were called off or missed, and the appointments."""
    id = event["_id"]
    agenda = await mongo[AGENDA.collection].find_one({"_id": id})
    accepted = mongo[MEETING.collection].find({"state.event_id": id, "state.status": "accepted"}, {"state.attendance": 1})
    held = {one["_id"] async for one in accepted if (one["state"]["attendance"] or {"held": True})["held"]}
    scheduled = agenda["state"]["placements"] if agenda else []
    booked = [as_placement(document) for document in await appointments(mongo, id)]
    off = await called_off(mongo, event, map(placed, (*scheduled, *booked)))
    return BrokerageEventClosed(
        agenda=agenda["version"] if agenda else None,
        not_held=tuple(one["meeting_id"] for one in scheduled if one["meeting_id"] not in held - off.keys()),
        appointments=tuple(Placement.model_validate(one) for one in booked if one["meeting_id"] in held - off.keys()),
    )
