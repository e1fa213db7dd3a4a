"""Meetings as they are answered."""

from datetime import date

from services.events.meeting.state import Status
from services.events.schemas import PageOf, People
from shared.chassis.http.answers import Answer
from shared.contracts.events import OutcomeKind
from shared.contracts.matching import Mode


class Booking(Answer):
    """The place of a meeting outside the agenda."""

    slot: int
    table: int
    people: People
    anyway: list[str] | None


class Proposal(Answer):
    """A place that some sides want for an accepted meeting, and which."""

    slot: int
    table: int | None
    by: list[str]


class Attendance(Answer):
    """Whether a meeting was held, says a side, or a manager where `by` is null."""

    held: bool
    by: str | None
    absent: list[str]


class RecordedOutcome(Answer):
    """What came of a meeting for one side; `value` is in whole euros."""

    by: str
    outcome: OutcomeKind
    value: int | None
    on: date | None


class GivenFeedback(Answer):
    """How good a meeting was to one side, from 1 to 5."""

    by: str
    rating: int
    text: str | None


class Meeting(Answer):
    """A meeting, from the request to what came of it. `feedback` has what the caller may see."""

    id: str
    version: int
    event_id: str
    mode: Mode
    by: str
    towards: str
    introduction_id: str | None
    others: list[str]
    slot: int | None
    table: int | None
    accepted: list[str]
    appointment: Booking | None
    proposal: Proposal | None
    last_appointment: Booking | None
    turns: int
    people: list[str]
    status: Status
    reason: str | None
    attendance: Attendance | None
    outcomes: list[RecordedOutcome]
    feedback: list[GivenFeedback]


class MeetingsPage(PageOf[Meeting]):
    """A page of meetings; `next` is null on the last one."""
