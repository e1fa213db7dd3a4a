"""Registrations over HTTP."""

from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from services.events.brokerage.queries import brokerage_event
from services.events.brokerage.state import BrokerageEvent
from services.events.dependencies import Jobs
from services.events.permissions import EventId, manages, may_act_at, may_manage
from services.events.projections import MEMBERS
from services.events.registration.aggregate import REGISTRATION
from services.events.registration.check_in_codes import check_code, code_of, picture_of, text_of
from services.events.registration.queries import registration, registration_id
from services.events.registration.quotas import places_for
from services.events.registration.rules import participation as registrations
from services.events.registration.schemas import CheckInCode, Participant, Registration, RegistrationsPage
from services.events.schemas import Svg, gives, shown
from shared.chassis.errors import Claimed, NotFound
from shared.chassis.http.answers import etag
from shared.chassis.http.auth import Principal, Who
from shared.chassis.http.commands import Run, Store, encode
from shared.chassis.http.pagination import Cursor, Limit, Page, page
from shared.chassis.mongo import Document
from shared.chassis.writes.aggregate import Stored
from shared.contracts.base import Id, to_milliseconds
from shared.contracts.events import Participation, Preference, Representative, SpokenLanguage

PUBLIC = ("id", "version", "event_id", "member_id", "status", "attends", "languages")
router = APIRouter(prefix="/brokerage-events/{id}/registrations", tags=["registrations"])


class CheckingIn(BaseModel):
    """The code a participant shows."""

    model_config = ConfigDict(extra="forbid")
    code: str = Field(min_length=1, max_length=100)


class Availability(BaseModel):
    """The slots in which a participant cannot meet anybody, all of them."""

    model_config = ConfigDict(extra="forbid")
    unavailable: list[int] = Field(max_length=200)


class Registering(BaseModel):
    """Who takes part, and how: slots in which it cannot meet anybody, representatives, limits, preferences, a table of its own.

    Who does not say how it `attends` is on site, at a virtual event from afar.
    """

    model_config = ConfigDict(extra="forbid")
    member_id: Id
    unavailable: list[int] = Field(default=[], max_length=200)
    representatives: list[Representative] = Field(default=[], max_length=20)
    attends: Literal["on-site", "virtual"] | None = None
    languages: list[SpokenLanguage] = Field(default=[], max_length=20)
    most_meetings: int | None = Field(default=None, ge=1, le=200)
    min_break: int = Field(default=0, ge=0, le=20)
    preferences: list[Preference] = Field(default=[], max_length=500)
    fixed_table: bool = False

    def asked(self, id: str, event: BrokerageEvent) -> Participation:
        """Write it as what is asked for at an event."""
        attends = self.attends or ("virtual" if event.format == "virtual" else "on-site")
        return Participation(event_id=id, **{**self.model_dump(), "attends": attends})


@router.post("", status_code=201, responses=gives(Registration, 201))
async def register(id: EventId, body: Registering, who: Who, run: Run, store: Store) -> Response:
    """Register a member, or change how it takes part; the member itself or a manager.

    Who is registered may change that until the event is closed. Once registration is closed, and on the day, only a manager
    registers somebody new. Where the event has quotas and no place is left, it stands by, and moves up by itself.
    """
    event = await brokerage_event(store, id)
    may_act_at(who, event.state.districts, body.member_id)
    member = await store[MEMBERS.collection].find_one({"_id": body.member_id})
    asked = body.asked(id, event.state)
    now, by_manager = to_milliseconds(run.now), manages(who, event.state.districts)

    async def once() -> Response:
        kind = member["kind"] if member else ""
        places = await places_for(store, id, event.state, kind, body.member_id)
        return await run.run(
            REGISTRATION,
            registration_id(id, body.member_id),
            lambda state: registrations.register(state, asked, event.state, member, places, now, by_manager),
            status=201,
            district=event.state.districts[0],
        )

    while True:
        with suppress(Claimed):  # somebody took that place just now: look which are left
            return await once()


@router.delete("/{member}", responses=gives(Registration))
async def withdraw(id: EventId, member: Id, who: Who, run: Run, store: Store, jobs: Jobs) -> Response:
    """Withdraw a registration; the member itself or a manager. Who stands by moves up."""
    event = await brokerage_event(store, id)
    may_act_at(who, event.state.districts, member)
    answer = await run.run(
        REGISTRATION,
        registration_id(id, member),
        lambda state: registrations.withdraw(state, event.state),
        district=event.state.districts[0],
    )
    jobs.wake()
    return answer


@router.put("/{member}/availability", responses=gives(Registration))
async def change_availability(
    id: EventId, member: Id, body: Availability, who: Who, run: Run, store: Store, jobs: Jobs
) -> Response:
    """Say when a participant cannot meet anybody, also on the day: it comes late, leaves early, or did not come.

    The member itself or a manager. The next agenda takes it into account; appointments in these slots are given up, but for
    those made against its availability.
    """
    event = await brokerage_event(store, id)
    may_act_at(who, event.state.districts, member)
    answer = await run.run(
        REGISTRATION,
        registration_id(id, member),
        lambda state: registrations.change_availability(state, body.unavailable, event.state),
        district=event.state.districts[0],
    )
    jobs.wake()
    return answer


@router.get("/{member}/check-in", responses=gives(CheckInCode))
async def read_code(id: EventId, member: Id, who: Who, store: Store) -> Response:
    """Read a participant's check-in code, and the text that is in its QR picture; the member itself or a manager."""
    code = await _code(id, member, who, store)
    return JSONResponse({"code": code, "text": text_of(id, member, code)})


@router.get("/{member}/check-in.svg", response_class=Svg)
async def draw_code(id: EventId, member: Id, who: Who, store: Store) -> Response:
    """Draw a participant's check-in code as a QR picture; the member itself or a manager."""
    code = await _code(id, member, who, store)
    return Svg(picture_of(text_of(id, member, code)))


@router.post("/{member}/check-in", responses=gives(Registration))
async def check_in(id: EventId, member: Id, body: CheckingIn, who: Who, run: Run, store: Store) -> Response:
    """Check a participant in for today by the code it shows; managers. Before its day only where the event was started."""
    event = await brokerage_event(store, id)
    may_manage(who, event.state.districts)
    await check_code(store, id, member, body.code)
    return await run.run(
        REGISTRATION,
        registration_id(id, member),
        lambda state: registrations.check_in(state, event.state, run.now),
        district=event.state.districts[0],
    )


@router.delete("/{member}/check-in", responses=gives(Registration))
async def undo_check_in(id: EventId, member: Id, who: Who, run: Run, store: Store) -> Response:
    """Take back that a participant was checked in today, by the wrong badge or for a rehearsal; managers. It is not told."""
    event = await brokerage_event(store, id)
    may_manage(who, event.state.districts)
    return await run.run(
        REGISTRATION,
        registration_id(id, member),
        lambda state: registrations.undo_check_in(state, event.state, run.now),
        district=event.state.districts[0],
    )


async def _code(id: str, member: str, who: Who, store: Store) -> str:
    event = await brokerage_event(store, id)
    may_act_at(who, event.state.districts, member)
    await registration(store, id, member)
    return await code_of(store, id, member)


@router.get("", response_model=None, responses=gives(RegistrationsPage))
async def list_registrations(
    id: EventId,
    who: Who,
    store: Store,
    status: Annotated[registrations.Status | None, Query()] = None,
    checked_in: Annotated[bool | None, Query(description="Whether it is there already; managers only.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[Any]:
    """List the registrations of an event, those withdrawn too; whoever has a token sees who takes part, managers how."""
    event = await brokerage_event(store, id)
    query: dict[str, Any] = {"state.event_id": id}
    if status is not None:
        query["state.status"] = status
    if checked_in is not None:
        may_manage(who, event.state.districts)
        query["state.checked_in"] = checked_in
    show = _seen_by(who, event)
    return await page(store[REGISTRATION.collection], query, limit, cursor, lambda found: encode(show(found)))


@router.get("/{member}", responses=gives(Registration | Participant))
async def read_registration(id: EventId, member: Id, who: Who, store: Store) -> Response:
    """Read how a member takes part, or that it withdrew; others see of it what the list shows. Commands take its ETag."""
    event = await brokerage_event(store, id)
    found = await store[REGISTRATION.collection].find_one({"_id": registration_id(id, member)})
    if found is None:
        raise NotFound("not-registered", it="Il membro non è iscritto.", en="The member is not registered.")
    return JSONResponse(encode(_seen_by(who, event)(found)), headers={"ETag": etag(found["version"])})


def _seen_by(who: Principal, event: Stored[BrokerageEvent]) -> Callable[[Document], dict[str, Any]]:
    """Say how to show a registration: how a member takes part is shown to itself and to managers."""
    all_of_it = manages(who, event.state.districts)

    def show(found: Document) -> dict[str, Any]:
        seen = shown(found)
        return seen if all_of_it or who.acts_for(seen["member_id"]) else {name: seen[name] for name in PUBLIC}

    return show
