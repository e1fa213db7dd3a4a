"""Meetings over HTTP: requested, accepted, declined, cancelled."""

from dataclasses import replace
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.events.agenda.parallel_bookings import not_in_two_places
from services.events.brokerage.access import event_acted_at, visible_event
from services.events.meeting import queries
from services.events.meeting.access import commanded_meeting, hides_version, known_meeting
from services.events.meeting.aggregate import MEETING
from services.events.meeting.answers import meeting_seen_by, tagged_meeting
from services.events.meeting.place_search import appointment_search, check_another_place, find_place
from services.events.meeting.read_context import SpokenFor, read_context
from services.events.meeting.rules import requests
from services.events.meeting.rules.context import RequestUnseen
from services.events.meeting.schemas import Acceptance, Cancelling, Declining, MeetingAnswer, MeetingId, Request
from services.events.meeting.state import Status
from services.events.permissions import EventId, manages, may_act_at, may_manage
from shared.chassis.errors import Claimed
from shared.chassis.http.auth import CurrentPrincipal
from shared.chassis.http.commands import Run, Store
from shared.chassis.http.pagination import Cursor, Limit, Page
from shared.contracts.base import Id
from shared.contracts.events import MeetingCancelled

router = APIRouter(tags=["meetings"])


@router.post("/brokerage-events/{id}/meetings", status_code=201, response_model=MeetingAnswer)
async def request(id: EventId, body: Request, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Request a meeting, as `by` or a manager; a request in return is an acceptance. All must be registered.

    Until it is answered, another request of the same side takes its place, whole.

    What `by` asked for holds where a manager requests an appointment in its name, unless it is overridden.
    That a side does not want to meet `by` is told to managers alone; a request of the member itself reaches it as any other.
    """
    brokerage_event = await event_acted_at(store, principal, id, body.by)
    requested = body.requested(id)
    spoken_for = None if principal.is_member(body.by) else SpokenFor(body.by, body.slot, requested.people, body.overrides)
    meeting_id = queries.meeting_id(id, *body.members)
    while True:
        before = await queries.find_meeting(store, meeting_id)
        if before and hides_version(principal, brokerage_event, before):
            run.refuse_if_match()
        seen = before.state if before and before.state.status == "requested" else None
        if seen is not None:
            seen = replace(seen, people=seen.represented_by(body.by, requests.own_representative(requested)))
        place = await find_place(store, brokerage_event, appointment_search(seen))
        context = await read_context(
            store,
            brokerage_event,
            body.members,
            run.now,
            place=place,
            request_seen=seen,
            introduction_id=body.introduction_id,
            by_manager=manages(principal, brokerage_event.state.districts),
            spoken_for=spoken_for,
        )
        try:
            return await run.run(
                MEETING,
                meeting_id,
                partial(requests.request, requested=requested, context=context),
                answer=partial(meeting_seen_by, principal, brokerage_event),
                status=201,
                district=brokerage_event.state.districts[0],
                alongside=not_in_two_places(store, brokerage_event, run.now),
            )
        except RequestUnseen:
            continue
        except Claimed as claimed:  # somebody booked the place just now
            await check_another_place(store, brokerage_event, appointment_search(seen), claimed)


@router.post("/meetings/{id}/accept", response_model=MeetingAnswer)
async def accept(id: MeetingId, body: Acceptance, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Accept a meeting, as one that was asked or a manager. The last to accept an appointment books people and table.

    What `by` asked for holds where a manager accepts an appointment in its name, unless it is overridden.
    """
    meeting, brokerage_event = await commanded_meeting(store, principal, id, run)
    may_act_at(principal, brokerage_event.state.districts, body.by)
    seen = replace(meeting.state, people=meeting.state.represented_by(body.by, body.person))
    spoken_for = None if principal.is_member(body.by) else SpokenFor(body.by, seen.slot, seen.people, body.overrides)
    while True:
        place = await find_place(store, brokerage_event, appointment_search(seen))
        context = await read_context(
            store, brokerage_event, seen.sides, run.now, place=place, request_seen=seen, spoken_for=spoken_for
        )
        try:
            return await run.run(
                MEETING,
                id,
                partial(requests.accept, by=body.by, context=context, person=body.person),
                answer=partial(meeting_seen_by, principal, brokerage_event),
                district=brokerage_event.state.districts[0],
                alongside=not_in_two_places(store, brokerage_event, run.now),
            )
        except Claimed as claimed:  # somebody booked the place just now
            await check_another_place(store, brokerage_event, appointment_search(seen), claimed)


@router.post("/meetings/{id}/cancel", response_model=MeetingAnswer)
async def cancel(id: MeetingId, body: Cancelling, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Cancel an accepted meeting that has not begun, as a side or a manager, with a reason; or withdraw one's own request."""
    meeting, brokerage_event = await commanded_meeting(store, principal, id, run)
    if body.by is None:
        may_manage(principal, brokerage_event.state.districts)
    else:
        may_act_at(principal, brokerage_event.state.districts, body.by)
    cancelled = MeetingCancelled(event_id=brokerage_event.id, by=body.by, reason=body.reason, by_manager=body.by is None)
    slot = await queries.slot_of(store, meeting)
    begun = slot is not None and brokerage_event.state.slots[slot - 1].starts <= run.now
    return await run.run(
        MEETING,
        id,
        lambda state: requests.cancel(state, cancelled, begun, brokerage_event.state),
        answer=partial(meeting_seen_by, principal, brokerage_event),
        district=brokerage_event.state.districts[0],
    )


@router.post("/meetings/{id}/decline", response_model=MeetingAnswer)
async def decline(id: MeetingId, body: Declining, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Decline a meeting, as a side that was asked or a manager, with a reason."""
    _, brokerage_event = await commanded_meeting(store, principal, id, run)
    may_act_at(principal, brokerage_event.state.districts, body.by)
    return await run.run(
        MEETING,
        id,
        lambda state: requests.decline(state, body.by, body.reason, brokerage_event.state),
        answer=partial(meeting_seen_by, principal, brokerage_event),
        district=brokerage_event.state.districts[0],
    )


@router.get("/meetings/{id}", response_model=MeetingAnswer)
async def read_meeting(id: MeetingId, principal: CurrentPrincipal, store: Store) -> Response:
    """Read a meeting; its sides, and managers. Commands take its ETag in If-Match, where it has one."""
    meeting, brokerage_event = await known_meeting(store, principal, id)
    return tagged_meeting(principal, brokerage_event, meeting)


@router.get("/brokerage-events/{id}/meetings")
async def list_meetings(
    id: EventId,
    principal: CurrentPrincipal,
    store: Store,
    member: Annotated[Id | None, Query(description="Those of one member; without it, managers only.")] = None,
    status: Annotated[Status | None, Query()] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[MeetingAnswer]:
    """List the meetings of an event: those of one `member` for itself, all for managers."""
    brokerage_event = await visible_event(store, principal, id)
    if member is None:
        may_manage(principal, brokerage_event.state.districts)
    else:
        may_act_at(principal, brokerage_event.state.districts, member)
    show = partial(meeting_seen_by, principal, brokerage_event)
    return await queries.list_meetings(store, id, member, status, limit, cursor, show)
