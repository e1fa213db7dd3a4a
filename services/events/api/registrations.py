"""Registrations over HTTP."""

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from services.events.api.access import EventId, may_act_at
from services.events.domain import registrations
from services.events.projections import MEMBERS
from services.events.store import REGISTRATION, brokerage_event, registration_id, shown
from shared.chassis.http.auth import Who
from shared.chassis.http.commands import Run, Store, encode
from shared.chassis.http.paging import Cursor, Limit, Page, page
from shared.contracts.base import Id
from shared.contracts.events import ParticipantRegistered

router = APIRouter(prefix="/brokerage-events/{id}/registrations", tags=["registrations"])


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


@router.get("")
async def list_registrations(id: EventId, who: Who, store: Store, limit: Limit = 50, cursor: Cursor = None) -> Page:
    """List the registrations of an event, those withdrawn too; whoever has a token."""
    await brokerage_event(store, id)
    return await page(store[REGISTRATION.collection], {"state.event_id": id}, limit, cursor, lambda found: encode(shown(found)))
