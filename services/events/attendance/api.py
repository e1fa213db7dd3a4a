"""What became of meetings, over HTTP: held, missed, outcomes, feedback."""

from datetime import date

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from services.events.attendance.rules import recording as attendance
from services.events.brokerage.queries import brokerage_event
from services.events.brokerage.state import BrokerageEvent
from services.events.errors import invalid
from services.events.meeting.aggregate import MEETING
from services.events.meeting.api import MeetingId, seen_by
from services.events.meeting.cancellations import Placed, called_off
from services.events.meeting.queries import meeting, slot_of
from services.events.meeting.state import Meeting, sides
from services.events.permissions import may_act_at, may_manage
from shared.chassis.errors import Refusal
from shared.chassis.http.auth import Who
from shared.chassis.http.commands import Run, Store, whole
from shared.chassis.mongo import Mongo
from shared.chassis.writes.aggregate import Decide, Stored
from shared.contracts.base import Id
from shared.contracts.events import FeedbackGiven, MeetingHeld, MeetingMissed, OutcomeKind, OutcomeRecorded

router = APIRouter(prefix="/meetings/{id}", tags=["attendance"])


class Holding(BaseModel):
    """Which side says so; without `by` a manager says it, and decides."""

    model_config = ConfigDict(extra="forbid")
    by: Id | None = None


class Held(Holding):
    """Who of a group was absent; at least two were there."""

    absent: list[Id] = Field(default=[], max_length=20)


class Missing(Holding):
    """Who was absent; where a side leaves it out, all the others. A manager names them."""

    absent: list[Id] | None = Field(default=None, min_length=1, max_length=20)


class Outcome(BaseModel):
    """What came of the meeting for one side. `value` is in whole euros, `on` the day it was agreed."""

    model_config = ConfigDict(extra="forbid")
    by: Id
    outcome: OutcomeKind
    value: int | None = Field(default=None, ge=0, le=1_000_000_000_000)
    on: date | None = None


class Feedback(BaseModel):
    """How good the meeting was to one side, from 1 to 5. The other side does not see it."""

    model_config = ConfigDict(extra="forbid")
    by: Id
    rating: int = Field(ge=1, le=5)
    text: str | None = Field(default=None, min_length=1, max_length=1000)


@router.post("/held")
async def held(id: MeetingId, body: Held, who: Who, run: Run, store: Store) -> Response:
    """Say that the meeting was held, as one of its sides or a manager, from the beginning of its slot on, also after the event.

    A group may have met without some of it, who have no outcome of it then.
    """
    event = await _event_of(store, id)
    _may_tell(who, event, body.by)
    said = MeetingHeld(event_id=event.id, by=body.by, absent=tuple(body.absent))
    return await _tell(id, said, event, who, run, store)


@router.post("/missed")
async def missed(id: MeetingId, body: Missing, who: Who, run: Run, store: Store) -> Response:
    """Say who did not come to the meeting, as one of its sides or a manager, from the beginning of its slot on, also after.

    Where a manager says so of a meeting that has outcomes, these are shown no more, unless it is said to be held again.
    """
    event = await _event_of(store, id)
    _may_tell(who, event, body.by)
    if body.by is None and body.absent is None:
        # Everybody would be taken for absent, and lose the rest of the day.
        it, en = "senza `by` va indicato chi non c'era", "without `by` it is to be said who was not there"
        raise invalid("absent", "required", it=it, en=en)
    others = [side for side in sides((await meeting(store, id))["state"]) if side != body.by]
    said = MeetingMissed(event_id=event.id, by=body.by, absent=tuple(body.absent or others))
    return await _tell(id, said, event, who, run, store)


@router.post("/outcome")
async def outcome(id: MeetingId, body: Outcome, who: Who, run: Run, store: Store) -> Response:
    """Record what came of a held meeting for one side, also after the event; again to correct it."""
    event = await _event_of(store, id)
    may_act_at(who, event.state.districts, body.by)
    recorded = OutcomeRecorded(event_id=event.id, **body.model_dump(mode="json"))
    return await _run(run, id, lambda state: attendance.record_outcome(state, recorded), who, event)


@router.post("/feedback")
async def feedback(id: MeetingId, body: Feedback, who: Who, run: Run, store: Store) -> Response:
    """Say how good a held meeting was to one side, also after the event; again to correct it."""
    event = await _event_of(store, id)
    may_act_at(who, event.state.districts, body.by)
    given = FeedbackGiven(event_id=event.id, **body.model_dump())
    return await _run(run, id, lambda state: attendance.give_feedback(state, given), who, event)


async def _event_of(store: Mongo, id: str) -> Stored[BrokerageEvent]:
    return await brokerage_event(store, (await meeting(store, id))["state"]["event_id"])


def _may_tell(who: Who, event: Stored[BrokerageEvent], by: str | None) -> None:
    if by is None:
        may_manage(who, event.state.districts)
    else:
        may_act_at(who, event.state.districts, by)


async def _tell(
    id: str, said: MeetingHeld | MeetingMissed, event: Stored[BrokerageEvent], who: Who, run: Run, store: Mongo
) -> Response:
    told = await meeting(store, id)
    slot = await slot_of(store, event, told)
    begun = None if slot is None else slot.starts <= run.now
    if slot is not None and id in await called_off(store, event, [Placed(id, sides(told["state"]), slot.number)]):
        it = "L'incontro è stato annullato prima del suo slot: non si è tenuto."
        raise Refusal("meeting-called-off", it=it, en="The meeting was called off before its slot: it did not take place.")
    return await _run(run, id, lambda state: attendance.tell(state, said, begun), who, event)


async def _run(run: Run, id: str, decide: Decide[Meeting], who: Who, event: Stored[BrokerageEvent]) -> Response:
    shown = seen_by(who, event)
    return await run.run(MEETING, id, decide, district=event.state.districts[0], body=lambda done: shown(whole(done)))
