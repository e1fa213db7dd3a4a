"""Appointments over HTTP: for accepted meetings that have no place, and wherever a manager wants a meeting to be."""

from functools import partial

from fastapi import APIRouter, Response

from services.events.agenda.aggregate import AGENDA
from services.events.agenda.parallel_bookings import not_in_two_places
from services.events.agenda.rules.publication import release_placement
from services.events.appointment.read_context import read_context
from services.events.appointment.rules import booking
from services.events.appointment.schemas import Appointment
from services.events.meeting.access import commanded_meeting
from services.events.meeting.aggregate import MEETING
from services.events.meeting.answers import meeting_seen_by
from services.events.meeting.place_search import check_another_place
from services.events.meeting.queries import read_meeting
from services.events.meeting.schemas import MeetingAnswer, MeetingId
from services.events.permissions import may_act_at, may_manage
from shared.chassis.errors import Claimed
from shared.chassis.http.auth import CurrentPrincipal
from shared.chassis.http.commands import Run, Store
from shared.chassis.writes.aggregate import Command

router = APIRouter(tags=["meetings"])


@router.put("/meetings/{id}/appointment", response_model=MeetingAnswer)
async def appoint(id: MeetingId, body: Appointment, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Give an accepted meeting that has no place in the agenda a slot and a table.

    A side proposes; when every side has proposed the same, or a manager decides it, the people and the table are booked. What a
    side asked for holds where a manager decides, also in the name of a side, unless it is overridden. A manager
    also moves a meeting that has a place and has not begun: it leaves the agenda, of which a version without it is published.
    """
    meeting, brokerage_event = await commanded_meeting(store, principal, id, run)
    if body.by is None:
        may_manage(principal, brokerage_event.state.districts)
    else:
        may_act_at(principal, brokerage_event.state.districts, body.by)
    in_name_of = body.by is not None and not principal.is_member(body.by)
    request = booking.AppointmentRequest(**body.model_dump(), in_name_of=in_name_of)
    released = partial(release_placement, meeting_id=id, brokerage_event=brokerage_event.state, now=run.now)
    while True:
        search, context = await read_context(store, brokerage_event, meeting, request, run.now)
        try:
            return await run.run(
                MEETING,
                id,
                partial(booking.appoint, request=request, context=context, brokerage_event=brokerage_event.state),
                answer=partial(meeting_seen_by, principal, brokerage_event),
                district=brokerage_event.state.districts[0],
                first=None if body.by else Command(AGENDA, brokerage_event.id, released),
                alongside=not_in_two_places(store, brokerage_event, run.now),
            )
        except Claimed as claimed:  # somebody booked the place just now
            await check_another_place(store, brokerage_event, search, claimed)
            meeting = await read_meeting(store, id)
