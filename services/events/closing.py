"""What took place at an event, told when it is closed."""

from typing import Any

from services.events.domain.attendance import sides
from services.events.store import AGENDA, MEETING
from shared.chassis.mongo import Document, Mongo
from shared.contracts.events import BrokerageEventClosed, Placement


async def what_took_place(mongo: Mongo, event: str) -> BrokerageEventClosed:
    """Name the newest version of the agenda, which of its meetings were called off or missed, and the appointments."""
    agenda = await mongo[AGENDA.collection].find_one({"_id": event})
    accepted = mongo[MEETING.collection].find({"state.event_id": event, "state.status": "accepted"})
    held = {one["_id"]: one["state"] async for one in accepted if not _missed(one["state"])}
    placed = [one["meeting_id"] for one in agenda["state"]["placements"]] if agenda else []
    return BrokerageEventClosed(
        agenda=agenda["version"] if agenda else None,
        not_held=tuple(id for id in placed if id not in held),
        appointments=tuple(_placed(id, state) for id, state in sorted(held.items()) if state["appointment"] is not None),
    )


def _missed(meeting: dict[str, Any]) -> bool:
    return meeting["attendance"] is not None and not meeting["attendance"]["held"]


def _placed(id: str, meeting: Document) -> Placement:
    """Write an appointment as a placement."""
    first, second, *others = sides(meeting)
    place = meeting["appointment"]
    return Placement(
        meeting_id=id,
        members=(first, second),
        others=tuple(others),
        slot=place["slot"],
        table=place["table"],
        people=tuple(place["people"]),
    )
