"""What took place at an event, reported when it is closed."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Literal, TypeAlias

from services.events.agenda.aggregate import AGENDA
from services.events.agenda.state import Placement
from services.events.brokerage.rules.days import next_slot
from services.events.brokerage.rules.lifecycle import has_ended
from services.events.brokerage.state import BrokerageEvent
from services.events.meeting.cancellations import entries_of, read_cancellations
from services.events.meeting.queries import accepted_meetings, appointment_placements, appointments
from services.events.meeting.state import Meeting
from services.events.registration.queries import taking_part
from services.events.registration.quotas import occupancy_of
from shared.chassis.mongo import Mongo
from shared.chassis.writes.aggregate import Stored
from shared.chassis.writes.queries import find_aggregate
from shared.contracts.events import Absence, BrokerageEventClosed, Ending
from shared.contracts.events import Placement as PublishedPlacement

Fate: TypeAlias = Literal["held", "missed", "cancelled", "to come"]
MOST_WITHOUT_PLACE = 10_000
"""Meetings without a place that an event can name: far more than the largest agenda has."""
MOST_REGISTERED = 5_000
"""Participants that it can name: as many as an event can have places, and far more than any has."""


async def closing_report(mongo: Mongo, brokerage_event: Stored[BrokerageEvent], now: datetime) -> BrokerageEventClosed:
    """Name the newest version of the agenda, what of it did not take place and what never will, and the same of appointments;
    then who else is to be notified that the event is over.

    A meeting that has begun, and of which no attendance is recorded, counts as held.
    """
    id = brokerage_event.id
    agenda = await find_aggregate(mongo, AGENDA, id)
    scheduled = agenda.state.placements if agenda else ()
    booked = appointment_placements(await appointments(mongo, id))
    accepted = {meeting.id: meeting.state for meeting in await accepted_meetings(mongo, id)}
    cancelled = await read_cancellations(mongo, brokerage_event, entries_of([*scheduled, *booked]))
    coming = next_slot(brokerage_event.state, now)

    def fate_of(placement: Placement) -> Fate:
        if placement.meeting_id not in accepted or placement.meeting_id in cancelled:
            return "cancelled"
        attendance = accepted[placement.meeting_id].attendance
        if attendance is None:
            return "held" if placement.slot < coming else "to come"
        return "held" if attendance.held else "missed"

    booked_fates = {placement.meeting_id: fate_of(placement) for placement in booked}
    # A meeting that left its place in the agenda may have become an appointment: it took place there, or not at all.
    scheduled_fates: dict[str, Fate] = {
        placement.meeting_id: "cancelled" if placement.meeting_id in booked_fates else fate_of(placement) for placement in scheduled
    }
    settled = {id for id, fate in {**scheduled_fates, **booked_fates}.items() if fate != "cancelled"}
    unsettled = {id: meeting.sides for id, meeting in accepted.items() if id not in settled}
    present = await taking_part(mongo, id, {side for sides in unsettled.values() for side in sides})
    without_place = {id: sides for id, sides in unsettled.items() if present.keys() & set(sides)}
    withdrawn = sorted({side for sides in without_place.values() for side in sides} - present.keys())
    is_over = has_ended(brokerage_event.state, now)
    participants = (await occupancy_of(mongo, id)).members
    return BrokerageEventClosed(
        agenda=agenda.version if agenda else None,
        not_held=tuple(id for id, fate in scheduled_fates.items() if fate != "held"),
        appointments=_with_fate(booked, booked_fates, "held"),
        called_off=tuple(id for id, fate in scheduled_fates.items() if fate == "to come"),
        appointments_off=_with_fate(booked, booked_fates, "to come"),
        without_place=tuple(without_place)[:MOST_WITHOUT_PLACE],
        gone=tuple(withdrawn)[:MOST_REGISTERED],
        registered=() if is_over else participants[:MOST_REGISTERED],
        absences=tuple(Absence(meeting_id=id, members=absent) for id, meeting in accepted.items() if (absent := _absent(meeting))),
        ending=ending_of(is_over, bool(participants), (*scheduled_fates.values(), *booked_fates.values())),
    )


def ending_of(is_over: bool, has_participants: bool, fates: Collection[Fate]) -> Ending:
    """Say whether an event that is closed was held, ended early or was cancelled; `fates` are those of its meetings.

    Without participants it was not held, as where registration was never opened, unless those who withdrew since had met.
    """
    if is_over and (has_participants or "held" in fates):
        return "held"
    return "ended-early" if "held" in fates else "cancelled"


def _with_fate(booked: Iterable[Placement], fates: Mapping[str, Fate], fate: Fate) -> tuple[PublishedPlacement, ...]:
    return tuple(
        PublishedPlacement.model_validate(placement, from_attributes=True)
        for placement in booked
        if fates[placement.meeting_id] == fate
    )


def _absent(meeting: Meeting) -> tuple[str, ...]:
    """Name who did not come to a meeting that the others held."""
    return meeting.attendance.absent if meeting.attendance and meeting.attendance.held else ()
