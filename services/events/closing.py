"""What took place at an event, told when it is closed."""

from services.events.placing import appointments, as_placement
from services.events.store import AGENDA, MEETING
from shared.chassis.mongo import Mongo
from shared.contracts.events import BrokerageEventClosed, Placement


async def what_took_place(mongo: Mongo, event: str) -> BrokerageEventClosed:
    """Name the newest version of the agenda, which of its meetings were called off or missed, and the appointments."""
    agenda = await mongo[AGENDA.collection].find_one({"_id": event})
    accepted = mongo[MEETING.collection].find({"state.event_id": event, "state.status": "accepted"}, {"state.attendance": 1})
    held = {one["_id"] async for one in accepted if (one["state"]["attendance"] or {"held": True})["held"]}
    placed = [one["meeting_id"] for one in agenda["state"]["placements"]] if agenda else []
    booked = [as_placement(document) for document in await appointments(mongo, event)]
    return BrokerageEventClosed(
        agenda=agenda["version"] if agenda else None,
        not_held=tuple(id for id in placed if id not in held),
        appointments=tuple(Placement.model_validate(one) for one in booked if one["meeting_id"] in held),
    )
