"""Appointments follow the day: they get another table where theirs was closed, and are given up where a side became unavailable."""

from contextlib import suppress
from functools import partial

from services.events.appointment.rules.relocation import Unavailable, obstacle, relocate
from services.events.brokerage.queries import brokerage_event as read_brokerage_event
from services.events.brokerage.rules.days import next_slot
from services.events.brokerage.state import BrokerageEvent
from services.events.jobs.runner import Hand, apart
from services.events.meeting.aggregate import MEETING
from services.events.meeting.place_search import PlaceSearch, find_place
from services.events.meeting.queries import appointments_to_come
from services.events.meeting.state import Appointment, Meeting
from services.events.registration.queries import taking_part
from shared.chassis.errors import Claimed
from shared.chassis.writes.aggregate import Stored


async def relocate_appointments(hand: Hand, event: Stored[BrokerageEvent]) -> None:
    """Give appointments that are to come another table where theirs was closed, or give them up."""
    meetings = await appointments_to_come(hand.mongo, event.id, next_slot(event.state, hand.clock()))
    if not meetings:
        return
    brokerage_event = await read_brokerage_event(hand.mongo, event.id)
    sides = {side for meeting in meetings for side in meeting.state.sides}
    participants = await taking_part(hand.mongo, event.id, sides)
    unavailable = {member: state.unavailable for member, state in participants.items()}
    for meeting in meetings:
        made = meeting.state.appointment
        if made is not None and obstacle(meeting.state, brokerage_event.state, unavailable, hand.clock()):
            work = _relocate(hand, brokerage_event, meeting, made, unavailable)
            await apart(work, event_id=event.id, meeting_id=meeting.id)


async def _relocate(
    hand: Hand, brokerage_event: Stored[BrokerageEvent], meeting: Stored[Meeting], made: Appointment, unavailable: Unavailable
) -> None:
    """Move one, or give it up; where its new table was claimed just now, search another."""
    search = PlaceSearch(made.slot, None, meeting.state.sides, own=(made,))
    while True:
        place = await find_place(hand.mongo, brokerage_event, search)
        rule = partial(
            relocate,
            seen=made,
            table=place.table if place else None,
            brokerage_event=brokerage_event.state,
            unavailable=unavailable,
            now=hand.clock(),
        )
        with suppress(Claimed):
            await hand.do(MEETING, meeting.id, rule, brokerage_event)
            return
