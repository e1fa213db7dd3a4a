"""Meetings asked for, agreed on, held or missed, and what came of them."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.contracts.base import Day, DomainEvent, Id, LocalizedText
from shared.contracts.human_text import HumanText
from shared.contracts.matching import Mode

OutcomeKind = Literal["follow-up", "nda", "joint-project", "funding-application", "licence", "agreement", "nothing"]


class MeetingRequested(DomainEvent):
    """A meeting is asked for: of two, or with `others` of a group. With `slot` it is an appointment outside the agenda.

    `people` are the representatives it is asked for, `member:representative`, at most one of each member. Those of `unwilling` had
    said before that they do not want to meet `by`: they are sent nothing about it, and nobody is told of that.
    """

    TYPE: ClassVar[str] = "events.meeting-requested.v1"
    event_id: Id
    mode: Mode
    by: Id
    towards: Id
    introduction_id: Id | None = None
    others: tuple[Id, ...] = Field(default=(), max_length=8)
    slot: int | None = Field(default=None, ge=1, le=200)
    table: int | None = Field(default=None, ge=1, le=500)
    people: tuple[Id, ...] = Field(default=(), max_length=10)
    unwilling: tuple[Id, ...] = Field(default=(), max_length=10)


class MeetingJoined(DomainEvent):
    """One of a group accepts; others are still to answer. `person` is the representative it sends, where it says whom."""

    TYPE: ClassVar[str] = "events.meeting-joined.v1"
    event_id: Id
    by: Id
    towards: Id
    person: Id | None = None


class MeetingAccepted(DomainEvent):
    """Everybody that was asked has accepted. `person` as in MeetingJoined, of the last to accept."""

    TYPE: ClassVar[str] = "events.meeting-accepted.v1"
    event_id: Id
    by: Id
    towards: Id
    person: Id | None = None


class MeetingDeclined(DomainEvent):
    TYPE: ClassVar[str] = "events.meeting-declined.v1"
    event_id: Id
    by: Id
    towards: Id
    reason: Annotated[str, HumanText(1000, lines=True)]


class MeetingExpired(DomainEvent):
    """The event's deadline for answers passed before everybody had accepted."""

    TYPE: ClassVar[str] = "events.meeting-expired.v1"
    event_id: Id


class MeetingCancelled(DomainEvent):
    """An agreed meeting is cancelled by a side, or a request taken back by who asked (`by`); without `by`, a manager of the
    event does so (`by_manager`), or sides withdrew from the event (`withdrawn`)."""

    TYPE: ClassVar[str] = "events.meeting-cancelled.v1"
    event_id: Id
    by: Id | None = None
    reason: Annotated[str, HumanText(1000, lines=True)]
    by_manager: bool = False
    withdrawn: tuple[Id, ...] = ()


class AppointmentProposed(DomainEvent):
    """A side wants an accepted meeting that has no place to be in this slot; the others are to say the same."""

    TYPE: ClassVar[str] = "events.appointment-proposed.v1"
    event_id: Id
    by: Id
    slot: int = Field(ge=1, le=200)
    table: int | None = Field(default=None, ge=1, le=500)


class AppointmentMade(DomainEvent):
    """An accepted meeting has its own slot and table, outside the agenda; `people` as in a placement.

    `moved` says that it had another slot or table before, of its own or in the agenda. Those of `anyway` were not available
    then and come all the same; None where that was not looked at.
    """

    TYPE: ClassVar[str] = "events.appointment-made.v1"
    event_id: Id
    slot: int = Field(ge=1, le=200)
    table: int = Field(ge=1, le=500)
    people: tuple[Id, ...] = Field(min_length=2, max_length=10)
    moved: bool = False
    anyway: tuple[Id, ...] | None = Field(default=None, max_length=10)


class AppointmentDropped(DomainEvent):
    """An appointment cannot take place where it was, for this reason; the meeting stays agreed, and has no place."""

    TYPE: ClassVar[str] = "events.appointment-dropped.v1"
    event_id: Id
    slot: int = Field(ge=1, le=200)
    table: int = Field(ge=1, le=500)
    reason: LocalizedText


class MeetingHeld(DomainEvent):
    """The meeting took place, says a side (`by`) or, without `by`, a manager of the event. The newest word counts.

    A group may have met without those who were `absent`.
    """

    TYPE: ClassVar[str] = "events.meeting-held.v1"
    event_id: Id
    by: Id | None = None
    absent: tuple[Id, ...] = Field(default=(), max_length=20)


class MeetingMissed(DomainEvent):
    """The meeting did not take place, because of those who were `absent`. The newest word counts, this or MeetingHeld."""

    TYPE: ClassVar[str] = "events.meeting-missed.v1"
    event_id: Id
    by: Id | None = None
    absent: tuple[Id, ...] = Field(min_length=1, max_length=20)


class OutcomeRecorded(DomainEvent):
    """What came of a held meeting for one side; its newest outcome counts. `value` is in whole euros."""

    TYPE: ClassVar[str] = "events.outcome-recorded.v1"
    event_id: Id
    by: Id
    outcome: OutcomeKind
    value: int | None = Field(default=None, ge=0, le=1_000_000_000_000)
    on: Day | None = None


class FeedbackGiven(DomainEvent):
    """How good a held meeting was to one side, 1 to 5; its newest feedback counts."""

    TYPE: ClassVar[str] = "events.feedback-given.v1"
    event_id: Id
    by: Id
    rating: int = Field(ge=1, le=5)
    text: Annotated[str, HumanText(1000, lines=True)] | None = None
