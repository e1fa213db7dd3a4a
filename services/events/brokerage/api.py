"""Brokerage events over HTTP: drafted, announced, listed."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from services.events.brokerage.aggregate import BROKERAGE
from services.events.brokerage.announcement import Announcement, check_announcement
from services.events.brokerage.queries import brokerage_event
from services.events.brokerage.rules import lifecycle as brokerage
from services.events.brokerage.schemas import BrokerageEvent, BrokerageEventsPage
from services.events.permissions import EventId, Visitor, may_announce, may_manage
from services.events.projections import known_districts
from services.events.schemas import gives, shown
from shared.chassis.http.auth import Who
from shared.chassis.http.commands import Run, Store, encode
from shared.chassis.http.pagination import Cursor, Limit, Page, page
from shared.chassis.ids import uuid7
from shared.contracts.events import BrokerageEventAnnounced, BrokerageEventDrafted, Occasion

router = APIRouter(prefix="/brokerage-events", tags=["brokerage events"])


@router.post("", status_code=201, responses=gives(BrokerageEvent, 201))
async def announce(body: Announcement, who: Who, run: Run, store: Store) -> Response:
    """Announce a brokerage event as a manager of all its districts, or with `draft` make a draft of it, as one of any of them.

    The same one again changes nothing. What is announced is to come: a slot of it at least, and `requests_until`.
    """
    (may_manage if body.draft else may_announce)(who, list(body.districts))
    id, known = body.id or uuid7(run.now), await known_districts(store)
    if body.draft:
        drafted = check_announcement(body, known, BrokerageEventDrafted)
        return await run.run(BROKERAGE, id, lambda state: brokerage.draft(state, drafted), status=201, district=body.districts[0])
    announced = check_announcement(body, known, BrokerageEventAnnounced)
    return await run.run(
        BROKERAGE, id, lambda state: brokerage.announce(state, announced, run.now), status=201, district=body.districts[0]
    )


@router.put("/{id}/draft", responses=gives(BrokerageEvent))
async def edit_draft(id: EventId, body: Occasion, who: Who, run: Run, store: Store) -> Response:
    """Edit a draft: the body is the whole of it."""
    may_manage(who, (await brokerage_event(store, id))["state"]["districts"])
    may_manage(who, list(body.districts))
    drafted = check_announcement(body, await known_districts(store), BrokerageEventDrafted)
    return await run.run(BROKERAGE, id, lambda state: brokerage.edit_draft(state, drafted), district=body.districts[0])


@router.post("/{id}/announce", responses=gives(BrokerageEvent))
async def announce_draft(id: EventId, who: Who, run: Run, store: Store) -> Response:
    """Announce a draft as it is, as a manager of all its districts."""
    districts = (await brokerage_event(store, id))["state"]["districts"]
    may_announce(who, districts)
    return await run.run(BROKERAGE, id, lambda state: brokerage.announce_draft(state, run.now), district=districts[0])


@router.get("", response_model=None, responses=gives(BrokerageEventsPage))
async def list_events(
    store: Store,
    who: Visitor,
    district: Annotated[str | None, Query(max_length=100)] = None,
    status: Annotated[brokerage.Status | None, Query()] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[Any]:
    """List brokerage events, of one district, in one status. Public; drafts are shown to their managers."""
    query: dict[str, Any] = {"state.districts": district} if district else {}
    if status is not None:
        query["state.status"] = status
    if who is None or "operator" not in who.roles:
        mine = sorted(who.districts) if who is not None and "manager" in who.roles else []
        query["$or"] = [{"state.status": {"$ne": "draft"}}, {"state.districts": {"$in": mine}}]
    return await page(store[BROKERAGE.collection], query, limit, cursor, lambda found: encode(shown(found)))
