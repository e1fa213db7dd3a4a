"""What took place at an event, told when it is closed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, TypeAlias

from services.events.agenda.aggregate import AGENDA
from services.events.agenda.state import Placement
from services.events.brokerage.rules.days import next_slot
from services.events.brokerage.state import BrokerageEvent
from services.events.meeting.aggregate import MEETING
from services.events.meeting.cancellations import called_off, placed
from services.events.meeting.queries import appointments, as_placement
from services.events.meeting.state import sides
from services.events.registration.queries import taking_part
from services.events.registration.quotas import taken
from shared.chassis.mongo import Mongo
from shared.chassis.writes.aggregate import Stored
from shared.chassis.writes.queries import find_aggregate
from shared.contracts import events as contracts
from shared.contracts.events import Absence, BrokerageEventClosed

Fate: TypeAlias = Literal["held", "missed", "off", "to come"]
MOST_TOLD = 10_000
"""Meetings without a place that an event can name: far more than the largest agenda has."""
MOST_REGISTERED = 5_000
"""Participants that it can name: as many as an event can have places, and far more than any has."""


async def what_took_place(mongo: Mongo, event: Stored[BrokerageEvent], now: datetime) -> BrokerageEventClosed:
    """Name the newest version of the agenda, what of it did not take place and what never will, and the same of appointments;
    then who else is to be told that the event is over.

    Of a meeting that has begun and of which nobody has said a word it is taken that it was held.
    """
    id = event.id
    agenda = await find_aggregate(mongo, AGENDA, id)
    scheduled = agenda.state.placements if agenda else ()
    booked = [as_placement(document) for document in await appointments(mongo, id)]
    agreed = mongo[MEETING.collection].find({"state.event_id": id, "state.status": "accepted"}).sort("_id", 1)
    accepted = {one["_id"]: one["state"] async for one in agreed}
    off = await called_off(mongo, event, map(placed, (*scheduled, *booked)))
    coming = next_slot(event.state, now)

    def fate_of(placement: Placement) -> Fate:
        if placement.meeting_id not in accepted or placement.meeting_id in off:
            return "off"
        attendance = accepted[placement.meeting_id]["attendance"]
        if attendance is None:
            return "held" if placement.slot < coming else "to come"
        return "held" if attendance["held"] else "missed"

    # A meeting that left its place in the agenda may have become an appointment: it took place there, or not at all.
    apart = {placement.meeting_id: fate_of(placement) for placement in booked}
    became: dict[str, Fate] = {
        placement.meeting_id: "off" if placement.meeting_id in apart else fate_of(placement) for placement in scheduled
    }
    settled = {id for id, fate in {**became, **apart}.items() if fate != "off"}
    left = {id: sides(meeting) for id, meeting in accepted.items() if id not in settled}
    here = await taking_part(mongo, id, {side for members in left.values() for side in members})
    left = {id: members for id, members in left.items() if here.keys() & set(members)}
    return BrokerageEventClosed(
        agenda=agenda.version if agenda else None,
        not_held=tuple(id for id, fate in became.items() if fate != "held"),
        appointments=_placements(booked, apart, "held"),
        called_off=tuple(id for id, fate in became.items() if fate == "to come"),
        appointments_off=_placements(booked, apart, "to come"),
        without_place=tuple(left)[:MOST_TOLD],
        gone=tuple(sorted({side for members in left.values() for side in members} - here.keys()))[:MOST_REGISTERED],
        registered=() if event.state.slots[-1].ends <= now else (await taken(mongo, id)).members[:MOST_REGISTERED],
        absences=tuple(Absence(meeting_id=id, members=absent) for id, one in accepted.items() if (absent := _missing(one))),
    )


def _placements(booked: Sequence[Placement], became: Mapping[str, Fate], fate: Fate) -> tuple[contracts.Placement, ...]:
    placements = (placement for placement in booked if became[placement.meeting_id] == fate)
    return tuple(contracts.Placement.model_validate(placement, from_attributes=True) for placement in placements)


def _missing(meeting: Mapping[str, Any]) -> tuple[str, ...]:
    """Name who did not come to a meeting that the others held."""
    said = meeting["attendance"]
    return tuple(said["absent"]) if said and said["held"] else ()
