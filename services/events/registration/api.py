"""Registrations over HTTP: registered, read, changed, withdrawn. Checking in: `check_in_api`."""

from collections.abc import Callable
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.events.brokerage.access import event_acted_at, visible_event
from services.events.brokerage.state import BrokerageEvent
from services.events.dependencies import Jobs
from services.events.named_members import check_named_members
from services.events.permissions import EventId, manages, may_manage
from services.events.projections import find_member
from services.events.registration import queries
from services.events.registration.aggregate import REGISTRATION
from services.events.registration.overlaps import Overlap, read_overlaps
from services.events.registration.parallel_bookings import not_back_in_two_places
from services.events.registration.queries import RegistrationFilter, find_registration, known_registration, registration_id
from services.events.registration.quotas import places_for
from services.events.registration.rules import participation
from services.events.registration.schemas import (
    LONGEST_REGISTRATION,
    Availability,
    OverlapAnswer,
    OverlapsAnswer,
    ParticipantAnswer,
    RegistrationAnswer,
    RegistrationRequest,
)
from services.events.registration.state import Registration, Status
from shared.chassis.errors import Claimed
from shared.chassis.http.answers import answer_of, json_response, tagged
from shared.chassis.http.auth import CurrentPrincipal, Principal
from shared.chassis.http.commands import Run, Store
from shared.chassis.http.pagination import Cursor, Limit, Page
from shared.chassis.http.request_bodies import request_body
from shared.chassis.mongo import Mongo
from shared.chassis.writes.aggregate import Stored
from shared.contracts.base import Id, to_milliseconds
from shared.contracts.events import Participation

router = APIRouter(prefix="/brokerage-events/{id}/registrations", tags=["registrations"])


def registration_answer(registration: Stored[Registration]) -> RegistrationAnswer:
    """Show all of a registration, as commands answer."""
    return answer_of(RegistrationAnswer, registration)


@router.post("", status_code=201, response_model=RegistrationAnswer)
@request_body(limit=LONGEST_REGISTRATION)
async def register(id: EventId, body: RegistrationRequest, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Register a member, or change how it takes part; the member itself or a manager.

    A registered member may change that until the event is closed. Once registration is closed, and on the day, only a manager
    registers a new one. Where the event has quotas and no place is left, the member joins the waiting list, and is promoted
    from there as places become free.
    """
    brokerage_event = await event_acted_at(store, principal, id, body.member_id)
    member = await find_member(store, body.member_id)
    requested = body.participation(id, brokerage_event.state)
    await _check_wishes(store, requested)
    now, by_manager = to_milliseconds(run.now), manages(principal, brokerage_event.state.districts)

    async def attempt() -> Response:
        kind = member.kind if member else ""
        places = await places_for(store, id, brokerage_event.state, kind, body.member_id)
        return await run.run(
            REGISTRATION,
            registration_id(id, body.member_id),
            lambda state: participation.register(state, requested, brokerage_event.state, member, places, now, by_manager),
            answer=registration_answer,
            status=201,
            district=brokerage_event.state.districts[0],
            alongside=not_back_in_two_places(store, brokerage_event, now),
        )

    while True:
        with suppress(Claimed):  # another registration took that place meanwhile: choose among those left
            return await attempt()


@router.delete("/{member}", response_model=RegistrationAnswer)
async def withdraw(id: EventId, member: Id, principal: CurrentPrincipal, run: Run, store: Store, jobs: Jobs) -> Response:
    """Withdraw a registration; the member itself or a manager. The next of the waiting list is promoted."""
    brokerage_event = await event_acted_at(store, principal, id, member)
    answer = await run.run(
        REGISTRATION,
        registration_id(id, member),
        lambda state: participation.withdraw(state, brokerage_event.state),
        answer=registration_answer,
        district=brokerage_event.state.districts[0],
    )
    jobs.wake()
    return answer


@router.put("/{member}/availability", response_model=RegistrationAnswer)
async def change_availability(
    id: EventId, member: Id, body: Availability, principal: CurrentPrincipal, run: Run, store: Store, jobs: Jobs
) -> Response:
    """Say when a participant cannot meet anybody, also on the day: it comes late, leaves early, or did not come.

    The member itself or a manager. The next agenda takes it into account; appointments in these slots are cancelled, but for
    those made against its availability.
    """
    brokerage_event = await event_acted_at(store, principal, id, member)
    answer = await run.run(
        REGISTRATION,
        registration_id(id, member),
        lambda state: participation.change_availability(state, body.unavailable, brokerage_event.state),
        answer=registration_answer,
        district=brokerage_event.state.districts[0],
    )
    jobs.wake()
    return answer


@router.get("")
async def list_registrations(
    id: EventId,
    principal: CurrentPrincipal,
    store: Store,
    status: Annotated[Status | None, Query()] = None,
    checked_in: Annotated[bool | None, Query(description="Whether it is there already; managers only.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[RegistrationAnswer | ParticipantAnswer]:
    """List the registrations of an event, those withdrawn too; whoever has a token sees who takes part, managers how."""
    brokerage_event = await visible_event(store, principal, id)
    if checked_in is not None:
        may_manage(principal, brokerage_event.state.districts)
    criteria = RegistrationFilter(id, status, checked_in)
    return await queries.list_registrations(store, criteria, limit, cursor, _seen_by(principal, brokerage_event))


@router.get("/{member}", response_model=RegistrationAnswer | ParticipantAnswer)
async def read_registration(id: EventId, member: Id, principal: CurrentPrincipal, store: Store) -> Response:
    """Read how a member takes part, or that it withdrew; others see of it what the list shows, without an ETag."""
    brokerage_event = await visible_event(store, principal, id)
    registration = await known_registration(store, id, member)
    answer = _seen_by(principal, brokerage_event)(registration)
    return json_response(answer) if answer.version is None else tagged(answer, answer.version)


@router.get("/{member}/overlaps")
async def read_overlapping_events(id: EventId, member: Id, principal: CurrentPrincipal, store: Store) -> OverlapsAnswer:
    """Warn of other events at the same time for which a participant is available, too; the member itself or a manager."""
    brokerage_event = await event_acted_at(store, principal, id, member)
    own = (await queries.registration(store, id, member)).state
    overlaps = await read_overlaps(store, brokerage_event, [member])
    return OverlapsAnswer(items=[overlap_answer(overlap, own) for overlap in overlaps if overlap.common_slots(own)])


async def _check_wishes(store: Mongo, requested: Participation) -> None:
    """Raise Invalid where a wish is for nobody; one that was registered before may stay."""
    registered = await find_registration(store, requested.event_id, requested.member_id)
    before = {preference.member_id for preference in registered.state.preferences} if registered else set()
    wishes = {f"preferences.{number}.member_id": wish.member_id for number, wish in enumerate(requested.preferences)}
    await check_named_members(store, wishes, before)


def overlap_answer(overlap: Overlap, own: Registration) -> OverlapAnswer:
    """Show an overlap to the participant."""
    state = overlap.brokerage_event.state
    return OverlapAnswer(
        event_id=overlap.brokerage_event.id,
        title=state.title,
        venue=state.venue,
        slots=overlap.common_slots(own),
        same_person=overlap.may_be_same_person(own),
    )


def _seen_by(principal: Principal, brokerage_event: Stored[BrokerageEvent]) -> Callable[[Stored[Registration]], ParticipantAnswer]:
    """Say how to show a registration: how a member takes part is shown to itself and to managers."""
    manager = manages(principal, brokerage_event.state.districts)

    def show(registration: Stored[Registration]) -> ParticipantAnswer:
        in_full = manager or principal.acts_for(registration.state.member_id)
        return answer_of(RegistrationAnswer, registration) if in_full else answer_of(ParticipantAnswer, registration, version=None)

    return show
