"""What became of meetings, over HTTP: held, missed, outcomes, feedback."""

from datetime import date, datetime, timedelta
from functools import partial

from fastapi import APIRouter, Response

from services.events.attendance.rules import recording
from services.events.attendance.schemas import Feedback, Held, Missing, Outcome
from services.events.brokerage.state import BrokerageEvent
from services.events.meeting.access import commanded_meeting
from services.events.meeting.aggregate import MEETING
from services.events.meeting.answers import meeting_seen_by
from services.events.meeting.cancellations import AgendaEntry, read_cancellations
from services.events.meeting.queries import slot_of
from services.events.meeting.schemas import MeetingAnswer, MeetingId
from services.events.meeting.state import Meeting
from services.events.permissions import may_act_at, may_manage
from shared.chassis.errors import Refusal, invalid
from shared.chassis.http.auth import CurrentPrincipal, Principal
from shared.chassis.http.commands import Run, Store
from shared.chassis.mongo import Mongo
from shared.chassis.writes.aggregate import Decide, Stored
from shared.contracts.events import FeedbackGiven, MeetingHeld, MeetingMissed, OutcomeRecorded

router = APIRouter(prefix="/meetings/{id}", tags=["attendance"])


@router.post("/held", response_model=MeetingAnswer)
async def held(id: MeetingId, body: Held, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Record that the meeting was held, as one of its sides or a manager, from the beginning of its slot on, also after the event.

    A group may have met without some of it, who have no outcome of it then.
    """
    meeting, brokerage_event = await _recorded_meeting(store, principal, id, body.by, run)
    recorded = MeetingHeld(event_id=meeting.state.event_id, by=body.by, absent=tuple(body.absent))
    begun = await _has_begun(store, brokerage_event, meeting, run)
    return await _run(run, id, partial(recording.record_attendance, recorded=recorded, begun=begun), principal, brokerage_event)


@router.post("/missed", response_model=MeetingAnswer)
async def missed(id: MeetingId, body: Missing, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Record who did not come to the meeting, as one of its sides or a manager, from the beginning of its slot on, also after.

    Where a manager records it of a meeting that has outcomes, these are no longer shown, unless it is recorded as held after all.
    """
    meeting, brokerage_event = await _recorded_meeting(store, principal, id, body.by, run)
    if body.by is None and body.absent is None:
        # Everybody would count as absent, and lose the rest of the day.
        raise invalid("absent", "required", "field-absent-required")
    other_sides = [side for side in meeting.state.sides if side != body.by]
    recorded = MeetingMissed(event_id=meeting.state.event_id, by=body.by, absent=tuple(body.absent or other_sides))
    begun = await _has_begun(store, brokerage_event, meeting, run)
    return await _run(run, id, partial(recording.record_attendance, recorded=recorded, begun=begun), principal, brokerage_event)


@router.post("/outcome", response_model=MeetingAnswer)
async def outcome(id: MeetingId, body: Outcome, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Record what came of a held meeting for one side, also after the event; repeat it to correct it."""
    meeting, brokerage_event = await _recorded_meeting(store, principal, id, body.by, run)
    _check_day(body.on, brokerage_event.state, run.now)
    recorded = OutcomeRecorded(event_id=meeting.state.event_id, **body.model_dump(mode="json"))
    return await _run(run, id, lambda state: recording.record_outcome(state, recorded), principal, brokerage_event)


@router.post("/feedback", response_model=MeetingAnswer)
async def feedback(id: MeetingId, body: Feedback, principal: CurrentPrincipal, run: Run, store: Store) -> Response:
    """Rate a held meeting for one side, also after the event; repeat it to correct it."""
    meeting, brokerage_event = await _recorded_meeting(store, principal, id, body.by, run)
    feedback_given = FeedbackGiven(event_id=meeting.state.event_id, **body.model_dump())
    return await _run(run, id, lambda state: recording.give_feedback(state, feedback_given), principal, brokerage_event)


async def _recorded_meeting(
    store: Mongo, principal: Principal, id: str, by: str | None, run: Run
) -> tuple[Stored[Meeting], Stored[BrokerageEvent]]:
    """Read a meeting and its event. Raises NotFound, and Forbidden unless one may speak for `by`; for None, as a manager."""
    meeting, brokerage_event = await commanded_meeting(store, principal, id, run)
    if by is None:
        may_manage(principal, brokerage_event.state.districts)
    else:
        may_act_at(principal, brokerage_event.state.districts, by)
    return meeting, brokerage_event


def _check_day(day: date | None, brokerage_event: BrokerageEvent, now: datetime) -> None:
    """Raise Invalid for a day before the event, or more than a year after it and after today."""
    if day is None:
        return
    first = brokerage_event.slots[0].starts.date() - timedelta(days=1)
    last = max(brokerage_event.slots[-1].ends, now).date() + timedelta(days=366)
    if not first <= day <= last:
        raise invalid("on", "day", "field-outcome-day", first=first, last=last)


async def _has_begun(store: Mongo, brokerage_event: Stored[BrokerageEvent], meeting: Stored[Meeting], run: Run) -> bool | None:
    """Whether the slot of a meeting has begun; None where it has no place. Raises Refusal for one cancelled before its slot."""
    slot = await slot_of(store, meeting)
    if slot is None:
        return None
    entry = AgendaEntry(meeting.id, meeting.state.sides, slot)
    if await read_cancellations(store, brokerage_event, [entry]):
        raise Refusal("meeting-called-off")
    starts: datetime = brokerage_event.state.slots[slot - 1].starts
    return starts <= run.now


async def _run(
    run: Run, id: str, decide: Decide[Meeting], principal: Principal, brokerage_event: Stored[BrokerageEvent]
) -> Response:
    return await run.run(
        MEETING,
        id,
        decide,
        answer=partial(meeting_seen_by, principal, brokerage_event),
        district=brokerage_event.state.districts[0],
    )
