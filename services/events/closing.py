"""What took place at an event, told when it is closed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from services.events.domain.attendance import sides
from services.events.placing import appointments, as_placement
from services.events.standing import called_off, placed
from services.events.store import AGENDA, MEETING, next_slot, taking_part
from shared.chassis.mongo import Document, Mongo
from shared.contracts.events import BrokerageEventClosed, Placement

MOST_TOLD = 10_000
"""Meetings without a place that an event can name: far more than the largest agenda has."""


async def what_took_place(mongo: Mongo, event: Document, now: datetime) -> BrokerageEventClosed:
    """Name the newest version of the agenda, what of it did not take place and what never will, and the same of appointments.

    Of a meeting that has begun and of which nobody has said a word it is taken that it was held.
    """
    id = event["_id"]
    agenda = await mongo[AGENDA.collection].find_one({"_id": id})
    scheduled = agenda["state"]["placements"] if agenda else []
    booked = [as_placement(document) for document in await appointments(mongo, id)]
    accepted = {one["_id"]: one["state"] async for one in mongo[MEETING.collection].find(_agreed_at(id))}
    off = await called_off(mongo, event, map(placed, (*scheduled, *booked)))
    coming = next_slot(event["state"], now)

    def what_became(one: Mapping[str, Any]) -> Literal["held", "missed", "off", "to come"]:
        if one["meeting_id"] not in accepted or one["meeting_id"] in off:
            return "off"
        said = accepted[one["meeting_id"]]["attendance"]
        if said is None:
            return "held" if one["slot"] < coming else "to come"
        return "held" if said["held"] else "missed"

    # A meeting that left its place in the agenda may have become an appointment: it took place there, or not at all.
    elsewhere = {one["meeting_id"] for one in booked}
    became = {one["meeting_id"]: "off" if one["meeting_id"] in elsewhere else what_became(one) for one in scheduled}
    return BrokerageEventClosed(
        agenda=agenda["version"] if agenda else None,
        not_held=tuple(id for id, what in became.items() if what != "held"),
        appointments=tuple(Placement.model_validate(one) for one in booked if what_became(one) == "held"),
        called_off=tuple(id for id, what in became.items() if what == "to come"),
        appointments_off=tuple(Placement.model_validate(one) for one in booked if what_became(one) == "to come"),
        without_place=await _of_those_here(
            mongo, id, {one: accepted[one] for one in sorted(accepted.keys() - became.keys() - elsewhere)}
        ),
    )


def _agreed_at(event: str) -> Document:
    return {"state.event_id": event, "state.status": "accepted"}


async def _of_those_here(mongo: Mongo, event: str, meetings: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """Name the meetings of those who take part still, as many as an event can hold."""
    here = await taking_part(mongo, event, {side for one in meetings.values() for side in sides(one)})
    return tuple(id for id, one in meetings.items() if here.keys() >= set(sides(one)))[:MOST_TOLD]
