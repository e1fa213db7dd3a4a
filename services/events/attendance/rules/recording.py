"""The rules of what became of an accepted meeting: held or missed, with which outcome, and how good it was."""

from collections.abc import Sequence

from services.events.errors import refused
from services.events.meeting.rules.checks import accepted_meeting
from services.events.meeting.state import Attendance, Feedback, Meeting, Outcome
from shared.chassis.errors import Refusal, invalid
from shared.contracts.base import DomainEvent
from shared.contracts.events import FeedbackGiven, MeetingHeld, MeetingMissed, OutcomeRecorded


def record_attendance(state: Meeting | None, recorded: MeetingHeld | MeetingMissed, begun: bool | None) -> Sequence[DomainEvent]:
    """Record that a meeting was held or missed, also after the event; a repetition changes nothing.

    The first statement stands. The side that made it may change it; another side may not contradict it; a manager decides, and
    after that only a manager changes it. Who recorded an outcome was there, which no side can deny any more; where a manager
    does, the outcome no longer counts. `begun` is None where the meeting has no place.
    """
    meeting = accepted_meeting(state, recorded.by)
    if begun is None:
        raise Refusal("meeting-not-placed")
    if not begun:
        raise Refusal("meeting-not-begun")
    _check_absent(recorded, meeting)
    before, after = meeting.attendance, Attendance.from_event(recorded)
    if before is None:
        return [recorded]
    if (before.held, before.absent) == (after.held, after.absent):
        return []
    if recorded.by is None:
        return [recorded]
    if any(meeting.attended(outcome.by) and not after.includes(outcome.by) for outcome in meeting.outcomes):
        raise Refusal("has-outcome")
    if recorded.by != before.by:
        raise refused("attendance-told", "by")
    return [recorded]


def record_outcome(state: Meeting | None, outcome: OutcomeRecorded) -> Sequence[DomainEvent]:
    """Record what came of a held meeting for one side, or correct it; a repetition changes nothing."""
    meeting = _held(state, outcome.by)
    if outcome.outcome == "nothing" and outcome.value:
        raise invalid("value", "nothing", "field-value-of-nothing")
    return [] if Outcome.from_event(outcome) in meeting.outcomes else [outcome]


def give_feedback(state: Meeting | None, feedback: FeedbackGiven) -> Sequence[DomainEvent]:
    """Rate a held meeting for one side, or correct it; a repetition changes nothing."""
    meeting = _held(state, feedback.by)
    return [] if Feedback.from_event(feedback) in meeting.feedback else [feedback]


def _check_absent(recorded: MeetingHeld | MeetingMissed, meeting: Meeting) -> None:
    """Raise Invalid, naming the field, unless the absent are sides, each once, and two are left where it was held."""
    for number, member in enumerate(recorded.absent):
        if member not in meeting.sides or member in recorded.absent[:number]:
            raise invalid(f"absent.{number}", "side", "field-absent-side")
    if isinstance(recorded, MeetingHeld) and len(meeting.sides) - len(recorded.absent) < 2:
        raise invalid("absent", "present", "field-two-present")


def _held(state: Meeting | None, by: str) -> Meeting:
    """Return a meeting that was held with `by`. Raises NotFound and Refusal."""
    meeting = accepted_meeting(state, by)
    if meeting.attendance is None or not meeting.attendance.held:
        raise Refusal("meeting-not-held")
    if not meeting.attended(by):
        raise refused("was-absent", "by", member=by)
    return meeting
