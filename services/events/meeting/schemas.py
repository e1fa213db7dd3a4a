"""Meetings as they are requested and answered."""

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from services.events.meeting.rules.wishes import Overrides
from services.events.meeting.state import Status
from services.events.schemas import People
from shared.chassis.http.answers import Answer
from shared.contracts.base import Day, Id, Items
from shared.contracts.events import MeetingRequested, OutcomeKind, RepresentativeId
from shared.contracts.human_text import HumanText
from shared.contracts.matching import Mode

MeetingId = Annotated[Id, Path(description="The meeting's id.")]


class Overridable(BaseModel):
    """A command in which a manager that speaks for a side may go beyond what that side asked for, where it says so."""

    model_config = ConfigDict(extra="forbid")
    override_availability: bool = False
    override_wishes: bool = False

    @property
    def overrides(self) -> Overrides:
        """What it says to go beyond."""
        return Overrides(override_availability=self.override_availability, override_wishes=self.override_wishes)


class Request(Overridable):
    """Who requests a meeting with whom; `others` make it a group. Without an introduction the request is a direct one.

    With a `slot`, and a `table` or whichever is free, it is an appointment: the last to accept books its people and table.
    `representatives` says who of a member is to come, of one's own or of another: `{"member": "representative"}`.

    Where a manager asks for `by`, also in a slot in which `by` is not available (`override_availability`), or beyond the meetings
    that it wants at most and without the break it asked for (`override_wishes`).
    """

    by: Id
    towards: Id
    mode: Mode
    introduction_id: Id | None = None
    others: list[Id] = Field(default=[], max_length=8)
    slot: int | None = Field(default=None, ge=1, le=200)
    table: int | None = Field(default=None, ge=1, le=500)
    representatives: Annotated[dict[Annotated[Id, Field(max_length=150)], RepresentativeId], Items(10)] = {}

    @property
    def members(self) -> tuple[str, ...]:
        """Everybody in the meeting, who requests it first."""
        return (self.by, self.towards, *self.others)

    def requested(self, event_id: str) -> MeetingRequested:
        """Write it as a domain event."""
        people = tuple(f"{member}:{representative}" for member, representative in sorted(self.representatives.items()))
        return MeetingRequested(
            event_id=event_id, people=people, **self.model_dump(exclude={"representatives", *Overridable.model_fields})
        )


class Acceptance(Overridable):
    """Who accepts: a side that was asked. It may say which of its representatives comes.

    Where a manager accepts an appointment for `by`, also in a slot in which `by` is not available (`override_availability`), or
    beyond the meetings that it wants at most and without the break it asked for (`override_wishes`).
    """

    by: Id
    representative: RepresentativeId | None = None

    @property
    def person(self) -> str | None:
        """The representative as a person of the meeting, `member:representative`."""
        return f"{self.by}:{self.representative}" if self.representative else None


class Declining(BaseModel):
    """Who declines, a side that was asked, and why. The reason is kept for ever: it names no person."""

    model_config = ConfigDict(extra="forbid")
    by: Id
    reason: Annotated[str, HumanText(1000, lines=True)]


class Cancelling(BaseModel):
    """Who cancels the meeting, and why; without `by` a manager does. The reason is kept for ever: it names no person."""

    model_config = ConfigDict(extra="forbid")
    by: Id | None = None
    reason: Annotated[str, HumanText(1000, lines=True)]


class AppointmentAnswer(Answer):
    """The place of a meeting outside the agenda.

    `override_availability` names the sides that come although they are not available in the slot.
    """

    slot: int
    table: int
    people: People
    override_availability: list[str] | None


class ProposalAnswer(Answer):
    """A place that some sides propose for an accepted meeting."""

    slot: int
    table: int | None
    by: list[str]


class AttendanceAnswer(Answer):
    """Whether a meeting was held, according to a side, or to a manager where `by` is null."""

    held: bool
    by: str | None
    absent: list[str]


class OutcomeAnswer(Answer):
    """What came of a meeting for one side; `value` is in whole euros."""

    by: str
    outcome: OutcomeKind
    value: int | None
    on: Day | None


class FeedbackAnswer(Answer):
    """How good a meeting was to one side, from 1 to 5."""

    by: str
    rating: int
    text: str | None


class MeetingAnswer(Answer):
    """A meeting, from the request to what came of it. `feedback` has what the caller may see.

    `slot` and `table` are those requested, `appointment` is its place outside the agenda; a place in the agenda is not said here.

    `version` is null for a side once it was recorded whether the meeting was held: it counts the feedback of others, too.
    """

    id: str
    version: int | None
    event_id: str
    mode: Mode
    by: str
    towards: str
    introduction_id: str | None
    others: list[str]
    slot: int | None
    table: int | None
    accepted: list[str]
    appointment: AppointmentAnswer | None
    proposal: ProposalAnswer | None
    last_appointment: AppointmentAnswer | None
    people: list[str]
    status: Status
    reason: str | None
    attendance: AttendanceAnswer | None
    outcomes: list[OutcomeAnswer]
    feedback: list[FeedbackAnswer]
