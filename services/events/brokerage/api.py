"""Brokerage events over HTTP: drafted, announced, listed."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.events.brokerage.access import known_to, managed_event, visible_event
from services.events.brokerage.aggregate import BROKERAGE
from services.events.brokerage.announcement import LONGEST_OCCASION, Announcement, OccasionReplacement, check_announcement
from services.events.brokerage.queries import BrokerageEventFilter, check_owners_of_tables, list_brokerage_events
from services.events.brokerage.rules import lifecycle
from services.events.brokerage.schemas import BrokerageEventAnswer
from services.events.brokerage.state import BrokerageEvent, Status
from services.events.permissions import EventId, Visitor, may_announce, may_manage, may_manage_any
from services.events.projections import known_districts
from shared.chassis.errors import invalid
from shared.chassis.http.answers import answer_of
from shared.chassis.http.auth import CurrentPrincipal
from shared.chassis.http.commands import Run, Store
from shared.chassis.http.pagination import Cursor, Limit, Page
from shared.chassis.http.request_bodies import request_body
from shared.chassis.ids import uuid7
from shared.chassis.writes.aggregate import Stored
from shared.contracts.base import Id
from shared.contracts.events import BrokerageEventAnnounced, BrokerageEventDrafted

router = APIRouter(prefix="/brokerage-events", tags=["brokerage events"])


def brokerage_event_answer(brokerage_event: Stored[BrokerageEvent]) -> BrokerageEventAnswer:
    """Show a brokerage event."""
    return answer_of(BrokerageEventAnswer, brokerage_event)


@router.post("", status_code=201, response_model=BrokerageEventAnswer)
@request_body(limit=LONGEST_OCCASION, admit=may_manage_any)
async def announce(body: Announcement, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Announce a brokerage event as a manager of all its districts, or with `draft` make a draft of it, as one of any of them.

    A repetition changes nothing. A draft gets an id of its own, which nobody can guess.
    What is announced is to come: at least one of its slots, and `requests_until`.
    """
    (may_manage if body.draft else may_announce)(principal, body.districts)
    if body.draft and body.id is not None:  # an id that somebody chose could be asked for, and taken first
        raise invalid("id", "absent", "field-draft-id")
    await check_owners_of_tables(store, body)
    id, districts = body.id or uuid7(run.now), await known_districts(store)
    if body.draft:
        rule = partial(lifecycle.draft, drafted=check_announcement(body, districts, BrokerageEventDrafted))
    else:
        announced = check_announcement(body, districts, BrokerageEventAnnounced)
        rule = partial(lifecycle.announce, announced=announced, now=run.now)
    return await run.run(
        BROKERAGE,
        id,
        rule,
        # Sent again later, it may meet a draft that is of other districts by now.
        answer=lambda brokerage_event: brokerage_event_answer(known_to(principal, brokerage_event)),
        status=201,
        district=body.districts[0],
    )


@router.put("/{id}/draft", response_model=BrokerageEventAnswer)
@request_body(limit=LONGEST_OCCASION, admit=may_manage_any)
async def edit_draft(id: EventId, body: OccasionReplacement, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Edit a draft: the body is the whole of it."""
    brokerage_event = await managed_event(store, principal, id)
    may_manage(principal, body.districts)
    await check_owners_of_tables(store, body, brokerage_event.state.special_tables)
    drafted = check_announcement(body, await known_districts(store), BrokerageEventDrafted)
    return await run.run(
        BROKERAGE,
        id,
        lambda state: lifecycle.edit_draft(state, drafted),
        answer=brokerage_event_answer,
        district=body.districts[0],
    )


@router.post("/{id}/announce", response_model=BrokerageEventAnswer)
async def announce_draft(id: EventId, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Announce a draft as it is, as a manager of all its districts."""
    districts = (await visible_event(store, principal, id)).state.districts
    may_announce(principal, districts)
    return await run.run(
        BROKERAGE,
        id,
        lambda state: lifecycle.announce_draft(state, run.now),
        answer=brokerage_event_answer,
        district=districts[0],
    )


@router.get("")
async def list_events(
    store: Store,
    visitor: Visitor,
    district: Annotated[Id | None, Query()] = None,
    status: Annotated[Status | None, Query()] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[BrokerageEventAnswer]:
    """List brokerage events, of one district, in one status. Public; drafts are shown to their managers."""
    criteria = BrokerageEventFilter(district, status)
    return await list_brokerage_events(store, criteria, visitor, limit, cursor, brokerage_event_answer)
