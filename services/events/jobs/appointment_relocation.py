"""Appointments whose place no longer suits: their table was closed, or a side is not available in the slot any more."""

from contextlib import suppress
from functools import partial

from services.events.appointment.rules.relocation import Unavailable, obstacle, relocate
from services.events.brokerage.rules.days import next_slot
from services.events.brokerage.state import BrokerageEvent
from services.events.jobs.periodic_jobs import JobContext, isolated
from services.events.meeting.aggregate import MEETING
from services.events.meeting.place_search import PlaceSearch, find_place
from services.events.meeting.queries import appointments_to_come
from services.events.meeting.state import Appointment, Meeting
from services.events.registration.queries import taking_part
from shared.chassis.errors import Claimed
from shared.chassis.writes.aggregate import Stored


async def relocate_appointments(context: JobContext, brokerage_event: Stored[BrokerageEvent]) -> None:
    """Move appointments to come from closed tables to free ones; cancel those without a free table or a side's availability."""
    meetings = await appointments_to_come(context.mongo, brokerage_event.id, next_slot(brokerage_event.state, context.clock()))
    members = {side for meeting in meetings for side in meeting.state.sides}
    registrations = await taking_part(context.mongo, brokerage_event.id, members)
    unavailable = {member: registration.unavailable for member, registration in registrations.items()}
    for meeting in meetings:
        appointment = meeting.state.appointment
        if appointment is not None and obstacle(meeting.state, brokerage_event.state, unavailable, context.clock()):
            work = _relocate(context, brokerage_event, meeting, appointment, unavailable)
            await isolated(work, event_id=brokerage_event.id, meeting_id=meeting.id)


async def _relocate(
    context: JobContext,
    brokerage_event: Stored[BrokerageEvent],
    meeting: Stored[Meeting],
    appointment: Appointment,
    unavailable: Unavailable,
) -> None:
    """Move one appointment, or cancel it; where its new table was taken meanwhile, try another."""
    search = PlaceSearch(appointment.slot, None, meeting.state.sides, own=(appointment,))
    while True:
        place = await find_place(context.mongo, brokerage_event, search)
        rule = partial(
            relocate,
            seen=appointment,
            table=place.table if place else None,
            brokerage_event=brokerage_event.state,
            unavailable=unavailable,
            now=context.clock(),
        )
        with suppress(Claimed):
            await context.execute(MEETING, meeting.id, rule, brokerage_event)
            return
