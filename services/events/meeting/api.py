"""Meetings over HTTP: asked for, accepted, declined."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from services.events.brokerage.queries import brokerage_event
from services.events.brokerage.state import BrokerageEvent
from services.events.meeting import state
from services.events.meeting.aggregate import MEETING
from services.events.meeting.booking import booked
from services.events.meeting.free_places import place_for
from services.events.meeting.queries import group_id, meeting, slot_of
from services.events.meeting.rules import requests as meetings
from services.events.meeting.rules.representatives import people_of
from services.events.meeting.rules.request_checks import named, own
from services.events.meeting.schemas import Meeting, MeetingsPage
from services.events.meeting.state import Place, sides, was_there
from services.events.permissions import EventId, may_act_at, may_manage
from services.events.projections import INTRODUCTIONS
from services.events.registration.queries import taking_part
from services.events.registration.state import Registration
from services.events.schemas import gives, shown
from shared.chassis.http.answers import etag
from shared.chassis.http.auth import Principal, Who
from shared.chassis.http.commands import Run, Store, encode, whole
from shared.chassis.http.pagination import Cursor, Limit, Page, page
from shared.chassis.mongo import Mongo
from shared.chassis.writes.aggregate import Decide, Stored
from shared.contracts.base import Id
from shared.contracts.events import MeetingCancelled, MeetingRequested, RepresentativeId
from shared.contracts.matching import Mode

router = APIRouter(tags=["meetings"])
MeetingId = Annotated[Id, Path(description="The meeting's id.")]


class Request(BaseModel):
    """Who asks whom; `others` make it a group. Without an introduction the request is a direct one.

    With a `slot`, and a `table` or whichever is free, it is an appointment: who accepts it last books its people and table.
    `representatives` says who of a member is to come, of one's own or of another: `{"member": "representative"}`.
    """

    model_config = ConfigDict(extra="forbid")
    by: Id
    towards: Id
    mode: Mode
    introduction_id: Id | None = None
    others: list[Id] = Field(default=[], max_length=8)
    slot: int | None = Field(default=None, ge=1, le=200)
    table: int | None = Field(default=None, ge=1, le=500)
    representatives: dict[Annotated[Id, Field(max_length=150)], RepresentativeId] = Field(default={}, max_length=10)

    def asked(self, event: str) -> MeetingRequested:
        """Write it as what happens."""
        people = tuple(f"{member}:{one}" for member, one in sorted(self.representatives.items()))
        return MeetingRequested(event_id=event, people=people, **self.model_dump(exclude={"representatives"}))


class Acceptance(BaseModel):
    """Who accepts: the side that was asked. It may say which of its representatives comes."""

    model_config = ConfigDict(extra="forbid")
    by: Id
    representative: RepresentativeId | None = None


class Declining(BaseModel):
    """Who declines, the side that was asked, and why."""

    model_config = ConfigDict(extra="forbid")
    by: Id
    reason: str = Field(min_length=1, max_length=1000)


class Cancelling(BaseModel):
    """Who calls it off, and why; without `by` a manager does."""

    model_config = ConfigDict(extra="forbid")
    by: Id | None = None
    reason: str = Field(min_length=1, max_length=1000)


def seen_by(who: Principal, event: Stored[BrokerageEvent]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Say how to show a meeting: feedback is shown to who gave it and to managers.

    Of who was not there after all nothing is shown that it said of the meeting; it is kept, should that be wrong.
    """
    all_of_it = who.manages(set(event.state.districts))

    def show(meeting: dict[str, Any]) -> dict[str, Any]:
        outcomes, feedback = ([one for one in meeting[said] if was_there(meeting, one["by"])] for said in ("outcomes", "feedback"))
        seen = [one for one in feedback if all_of_it or who.acts_for(one["by"])]
        return {**meeting, "outcomes": outcomes, "feedback": seen}

    return show


@router.post("/brokerage-events/{id}/meetings", status_code=201, responses=gives(Meeting, 201))
async def request(id: EventId, body: Request, who: Who, run: Run, store: Store) -> Response:
    """Ask for a meeting, as `by` or a manager; asking back is accepting. All must be registered."""
    event = await brokerage_event(store, id)
    may_act_at(who, event.state.districts, body.by)
    introduction = await store[INTRODUCTIONS.collection].find_one({"_id": body.introduction_id}) if body.introduction_id else None
    asked = body.asked(id)
    members = (body.by, body.towards, *body.others)
    meeting_id = group_id(id, members)
    before = await store[MEETING.collection].find_one({"_id": meeting_id})
    agreeing = _sent(before["state"], body.by, own(asked)) if before and before["state"]["status"] == "requested" else None

    def rule(facts: meetings.Facts) -> Decide[state.Meeting]:
        return lambda state: meetings.request(state, asked, replace(facts, introduction=introduction))

    return await _agree(meeting_id, event, members, agreeing, rule, who, run, store, status=201)


@router.post("/meetings/{id}/accept", responses=gives(Meeting))
async def accept(id: MeetingId, body: Acceptance, who: Who, run: Run, store: Store) -> Response:
    """Accept a meeting, as one that was asked or a manager. The last to accept an appointment books people and table."""
    asked = (await meeting(store, id))["state"]
    event = await brokerage_event(store, asked["event_id"])
    may_act_at(who, event.state.districts, body.by)
    person = f"{body.by}:{body.representative}" if body.representative else None
    agreeing = _sent(asked, body.by, person)

    def rule(facts: meetings.Facts) -> Decide[state.Meeting]:
        return lambda state: meetings.accept(state, body.by, facts, person)

    return await _agree(id, event, sides(asked), agreeing, rule, who, run, store)


@router.post("/meetings/{id}/cancel", responses=gives(Meeting))
async def cancel(id: MeetingId, body: Cancelling, who: Who, run: Run, store: Store) -> Response:
    """Call off an agreed meeting that has not begun, as a side or a manager, saying why; or take a request back, as who asked."""
    found = await meeting(store, id)
    event = await brokerage_event(store, found["state"]["event_id"])
    if body.by is None:
        may_manage(who, event.state.districts)
    else:
        may_act_at(who, event.state.districts, body.by)
    off = MeetingCancelled(event_id=event.id, by=body.by, reason=body.reason, by_manager=body.by is None)
    slot = await slot_of(store, event, found)
    begun = slot is not None and slot.starts <= run.now
    return await run.run(
        MEETING,
        id,
        lambda state: meetings.cancel(state, off, begun, event.state),
        district=event.state.districts[0],
        body=lambda done: seen_by(who, event)(whole(done)),
    )


async def _agree(
    id: str,
    event: Stored[BrokerageEvent],
    members: Sequence[str],
    asked: Mapping[str, Any] | None,
    rule: Callable[[meetings.Facts], Decide[state.Meeting]],
    who: Who,
    run: Run,
    store: Mongo,
    status: int = 200,
) -> Response:
    """Ask for a meeting or accept it. An appointment looks for another table or person while there is one to have."""

    async def look() -> Place | None:
        if asked is None or asked["slot"] is None:
            return None
        return await place_for(store, event.id, event.state, sides(asked), asked["slot"], asked["table"], asked["people"])

    async def once(place: Place | None) -> Response:
        registered = await taking_part(store, event.id, members)
        facts = meetings.Facts(
            event.state,
            frozenset(registered),
            None,
            run.now,
            frozenset(member for member, state in registered.items() if _unwilling(state, members[0])),
            place,
            {member: people_of(state) for member, state in registered.items() if state.representatives},
            asked,
            frozenset(member for member, state in registered.items() if asked and asked["slot"] in state.unavailable),
        )
        return await run.run(
            MEETING,
            id,
            rule(facts),
            status=status,
            district=event.state.districts[0],
            body=lambda done: seen_by(who, event)(whole(done)),
        )

    return await booked(event.id, (asked and asked["slot"]) or 0, look, once)


def _sent(asked: Mapping[str, Any], by: str, person: str | None) -> Mapping[str, Any]:
    """A request as it is once `by` has said which representative it sends."""
    return {**asked, "people": named(asked, by, person)}


def _unwilling(registration: Registration, asking: str) -> bool:
    return any(preference.wish == "no-thanks" and preference.member_id == asking for preference in registration.preferences)


@router.post("/meetings/{id}/decline", responses=gives(Meeting))
async def decline(id: MeetingId, body: Declining, who: Who, run: Run, store: Store) -> Response:
    """Decline a meeting, as the side that was asked or a manager, saying why."""
    event = await brokerage_event(store, (await meeting(store, id))["state"]["event_id"])
    may_act_at(who, event.state.districts, body.by)
    district = event.state.districts[0]
    return await run.run(MEETING, id, lambda state: meetings.decline(state, body.by, body.reason, event.state), district=district)


@router.get("/meetings/{id}", responses=gives(Meeting))
async def read_meeting(id: MeetingId, who: Who, store: Store) -> Response:
    """Read a meeting; its sides, and managers. Commands take its ETag in If-Match."""
    found = await meeting(store, id)
    event = await brokerage_event(store, found["state"]["event_id"])
    may_act_at(who, event.state.districts, *sides(found["state"]))
    return JSONResponse(encode(seen_by(who, event)(shown(found))), headers={"ETag": etag(found["version"])})


@router.get("/brokerage-events/{id}/meetings", response_model=None, responses=gives(MeetingsPage))
async def list_meetings(
    id: EventId,
    who: Who,
    store: Store,
    member: Annotated[Id | None, Query(description="Those of one member; without it, managers only.")] = None,
    status: Annotated[state.Status | None, Query()] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[Any]:
    """List the meetings of an event: a member sees its own, a manager all."""
    event = await brokerage_event(store, id)
    query: dict[str, Any] = {"state.event_id": id}
    if member is None:
        may_manage(who, event.state.districts)
    else:
        may_act_at(who, event.state.districts, member)
        query["$or"] = [{"state.by": member}, {"state.towards": member}, {"state.others": member}]
    if status is not None:
        query["state.status"] = status
    show = seen_by(who, event)
    return await page(store[MEETING.collection], query, limit, cursor, lambda found: encode(show(shown(found))))
