"""Meetings over HTTP: asked for, accepted, declined."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from services.events.api.access import EventId, may_act_at, may_manage
from services.events.domain import meetings
from services.events.projections import INTRODUCTIONS
from services.events.store import MEETING, brokerage_event, meeting, meeting_id, registered, shown
from shared.chassis.http.auth import Principal, Who
from shared.chassis.http.commands import Run, Store, encode, whole
from shared.chassis.http.paging import Cursor, Limit, Page, page
from shared.chassis.mongo import Document
from shared.contracts.base import Id
from shared.contracts.events import MeetingRequested
from shared.contracts.matching import Mode

router = APIRouter(tags=["meetings"])
MeetingId = Annotated[Id, Path(description="The meeting's id.")]


class Request(BaseModel):
    """Who asks whom. Without an introduction the request is a direct one."""

    model_config = ConfigDict(extra="forbid")
    by: Id
    towards: Id
    mode: Mode
    introduction_id: Id | None = None


class Acceptance(BaseModel):
    """Who accepts: the side that was asked."""

    model_config = ConfigDict(extra="forbid")
    by: Id


class Declining(BaseModel):
    """Who declines, the side that was asked, and why."""

    model_config = ConfigDict(extra="forbid")
    by: Id
    reason: str = Field(min_length=1, max_length=1000)


def seen_by(who: Principal, event: Document) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Say how to show a meeting: feedback is shown to who gave it and to managers."""
    all_of_it = who.manages(set(event["state"]["districts"]))

    def show(meeting: dict[str, Any]) -> dict[str, Any]:
        return {**meeting, "feedback": [one for one in meeting["feedback"] if all_of_it or who.acts_for(one["by"])]}

    return show


@router.post("/brokerage-events/{id}/meetings", status_code=201)
async def request(id: EventId, body: Request, who: Who, run: Run, store: Store) -> Response:
    """Ask for a meeting, as `by` or a manager; asking back is accepting. Both must be registered."""
    event = await brokerage_event(store, id)
    may_act_at(who, event, body.by)
    introduction = await store[INTRODUCTIONS.collection].find_one({"_id": body.introduction_id}) if body.introduction_id else None
    facts = meetings.Facts(event["state"], await registered(store, id, (body.by, body.towards)), introduction)
    asked = MeetingRequested(event_id=id, **body.model_dump())
    return await run.run(
        MEETING,
        meeting_id(id, body.by, body.towards),
        lambda state: meetings.request(state, asked, facts),
        status=201,
        district=event["state"]["districts"][0],
        body=lambda done: seen_by(who, event)(whole(done)),
    )


@router.post("/meetings/{id}/accept")
async def accept(id: MeetingId, body: Acceptance, who: Who, run: Run, store: Store) -> Response:
    """Accept a meeting, as the side that was asked or a manager."""
    asked = (await meeting(store, id))["state"]
    event = await brokerage_event(store, asked["event_id"])
    may_act_at(who, event, body.by)
    facts = meetings.Facts(event["state"], await registered(store, event["_id"], (asked["by"], asked["towards"])))
    district = event["state"]["districts"][0]
    return await run.run(
        MEETING,
        id,
        lambda state: meetings.accept(state, body.by, facts),
        district=district,
        body=lambda done: seen_by(who, event)(whole(done)),
    )


@router.post("/meetings/{id}/decline")
async def decline(id: MeetingId, body: Declining, who: Who, run: Run, store: Store) -> Response:
    """Decline a meeting, as the side that was asked or a manager, saying why."""
    event = await brokerage_event(store, (await meeting(store, id))["state"]["event_id"])
    may_act_at(who, event, body.by)
    district = event["state"]["districts"][0]
    return await run.run(
        MEETING, id, lambda state: meetings.decline(state, body.by, body.reason, event["state"]), district=district
    )


@router.get("/brokerage-events/{id}/meetings")
async def list_meetings(
    id: EventId,
    who: Who,
    store: Store,
    member: Annotated[Id | None, Query(description="Those of one member; without it, managers only.")] = None,
    status: Annotated[meetings.Status | None, Query()] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page:
    """List the meetings of an event: a member sees its own, a manager all."""
    event = await brokerage_event(store, id)
    query: dict[str, Any] = {"state.event_id": id}
    if member is None:
        may_manage(who, event["state"]["districts"])
    else:
        may_act_at(who, event, member)
        query["$or"] = [{"state.by": member}, {"state.towards": member}]
    if status is not None:
        query["state.status"] = status
    show = seen_by(who, event)
    return await page(store[MEETING.collection], query, limit, cursor, lambda found: encode(show(shown(found))))
