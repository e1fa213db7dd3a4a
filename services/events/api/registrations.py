"""Registrations over HTTP."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from services.events.api.access import EventId, may_act_at, may_manage
from services.events.codes import check_code, code_of, picture_of, text_of
from services.events.domain import registrations
from services.events.projections import MEMBERS
from services.events.store import REGISTRATION, brokerage_event, registration, registration_id, shown
from shared.chassis.http.auth import Who
from shared.chassis.http.commands import Run, Store, encode
from shared.chassis.http.paging import Cursor, Limit, Page, page
from shared.contracts.base import Id
from shared.contracts.events import ParticipantRegistered

router = APIRouter(prefix="/brokerage-events/{id}/registrations", tags=["registrations"])


class CheckingIn(BaseModel):
    """The code a participant shows."""

    model_config = ConfigDict(extra="forbid")
    code: str = Field(min_length=1, max_length=100)


class Registering(BaseModel):
    """Who takes part, and the numbers of the slots in which it cannot meet anybody."""

    model_config = ConfigDict(extra="forbid")
    member_id: Id
    unavailable: list[int] = Field(default=[], max_length=200)


@router.post("", status_code=201)
async def register(id: EventId, body: Registering, who: Who, run: Run, store: Store) -> Response:
    """Register a member, or change when it is unavailable; the member itself or a manager. Registration must be open."""
    event = await brokerage_event(store, id)
    may_act_at(who, event, body.member_id)
    member = await store[MEMBERS.collection].find_one({"_id": body.member_id})
    asked = ParticipantRegistered(event_id=id, member_id=body.member_id, unavailable=tuple(body.unavailable))
    return await run.run(
        REGISTRATION,
        registration_id(id, body.member_id),
        lambda state: registrations.register(state, asked, event["state"], member),
        status=201,
        district=event["state"]["districts"][0],
    )


@router.delete("/{member}")
async def withdraw(id: EventId, member: Id, who: Who, run: Run, store: Store) -> Response:
    """Withdraw a registration; the member itself or a manager."""
    event = await brokerage_event(store, id)
    may_act_at(who, event, member)
    return await run.run(
        REGISTRATION,
        registration_id(id, member),
        lambda state: registrations.withdraw(state, event["state"]),
        district=event["state"]["districts"][0],
    )


@router.get("/{member}/check-in")
async def read_code(id: EventId, member: Id, who: Who, store: Store) -> Response:
    """Read a participant's check-in code, and the text that is in its QR picture; the member itself or a manager."""
    code = await _code(id, member, who, store)
    return JSONResponse({"code": code, "text": text_of(id, member, code)})


@router.get("/{member}/check-in.svg")
async def draw_code(id: EventId, member: Id, who: Who, store: Store) -> Response:
    """Draw a participant's check-in code as a QR picture; the member itself or a manager."""
    code = await _code(id, member, who, store)
    return Response(picture_of(text_of(id, member, code)), media_type="image/svg+xml")


@router.post("/{member}/check-in")
async def check_in(id: EventId, member: Id, body: CheckingIn, who: Who, run: Run, store: Store) -> Response:
    """Check a participant in by the code it shows; managers."""
    event = await brokerage_event(store, id)
    may_manage(who, event["state"]["districts"])
    await check_code(store, id, member, body.code)
    return await run.run(
        REGISTRATION,
        registration_id(id, member),
        lambda state: registrations.check_in(state, event["state"]),
        district=event["state"]["districts"][0],
    )


async def _code(id: str, member: str, who: Who, store: Store) -> str:
    event = await brokerage_event(store, id)
    may_act_at(who, event, member)
    await registration(store, id, member)
    return await code_of(store, id, member)


@router.get("")
async def list_registrations(id: EventId, who: Who, store: Store, limit: Limit = 50, cursor: Cursor = None) -> Page:
    """List the registrations of an event, those withdrawn too; whoever has a token."""
    await brokerage_event(store, id)
    return await page(store[REGISTRATION.collection], {"state.event_id": id}, limit, cursor, lambda found: encode(shown(found)))
