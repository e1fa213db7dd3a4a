"""Brokerage events over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from services.events.announcement import Announcement, check_announcement
from services.events.api.access import EventId, may_manage
from services.events.domain import brokerage
from services.events.store import BROKERAGE, brokerage_event, known_districts, shown
from shared.chassis.http.auth import Who
from shared.chassis.http.commands import Run, Store, encode, etag
from shared.chassis.http.paging import Cursor, Limit, Page, page
from shared.chassis.ids import uuid7

router = APIRouter(prefix="/brokerage-events", tags=["brokerage events"])


@router.post("", status_code=201)
async def announce(body: Announcement, who: Who, run: Run, store: Store) -> Response:
    """Announce a brokerage event, as a manager of one of its districts. The same one again changes nothing."""
    may_manage(who, list(body.districts))
    announced = check_announcement(body, await known_districts(store))
    id = body.id or uuid7(run.now)
    district = announced.districts[0]
    return await run.run(BROKERAGE, id, lambda state: brokerage.announce(state, announced), status=201, district=district)


@router.get("")
async def list_events(
    store: Store,
    district: Annotated[str | None, Query(max_length=100)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page:
    """List brokerage events, those of one district where it is given. Public."""
    query = {"state.districts": district} if district else {}
    return await page(store[BROKERAGE.collection], query, limit, cursor, lambda found: encode(shown(found)))


@router.get("/{id}")
async def read_event(id: EventId, store: Store) -> Response:
    """Read one brokerage event. Public."""
    found = await brokerage_event(store, id)
    return JSONResponse(encode(shown(found)), headers={"ETag": etag(found["version"])})


@router.post("/{id}/open")
async def open_registration(id: EventId, who: Who, run: Run, store: Store) -> Response:
    """Open registration, for the first time or again."""
    districts = (await brokerage_event(store, id))["state"]["districts"]
    may_manage(who, districts)
    return await run.run(BROKERAGE, id, brokerage.open_registration, district=districts[0])


@router.post("/{id}/close-registration")
async def close_registration(id: EventId, who: Who, run: Run, store: Store) -> Response:
    """Close registration; meetings may still be asked for and answered."""
    districts = (await brokerage_event(store, id))["state"]["districts"]
    may_manage(who, districts)
    return await run.run(BROKERAGE, id, brokerage.close_registration, district=districts[0])


@router.post("/{id}/close")
async def close(id: EventId, who: Who, run: Run, store: Store) -> Response:
    """Close the event: nothing about it changes any more."""
    districts = (await brokerage_event(store, id))["state"]["districts"]
    may_manage(who, districts)
    return await run.run(BROKERAGE, id, brokerage.close, district=districts[0])
