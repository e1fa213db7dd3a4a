"""Who takes part in a brokerage event, and how."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.contracts.base import Day, DomainEvent, Id, Instant, Value
from shared.contracts.events.brokerage import SpokenLanguage
from shared.contracts.human_text import HumanText

RepresentativeId = Annotated[
    str,
    Field(
        min_length=1,
        max_length=40,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._\-]*$",
        description="Letters without accents, digits, `.`, `_`, `-`; first a letter or digit. Never a person's name.",
    ),
]
"""Who of an organisation, told apart from its other representatives."""


class Representative(Value):
    """One of those who speak for an organisation: an id and a role, never a person's name."""

    id: RepresentativeId
    label: Annotated[str, HumanText(100)] | None = None


class Preference(Value):
    """Whom a participant must meet, would meet, or does not want to meet."""

    member_id: Id
    wish: Literal["must", "meet", "no-thanks"]


class Participation(DomainEvent):
    """How a member takes part. `min_break` counts idle slots between two meetings; who has a `fixed_table` stays there."""

    event_id: Id
    member_id: Id
    unavailable: tuple[int, ...] = Field(default=(), max_length=200)
    representatives: tuple[Representative, ...] = Field(default=(), max_length=20)
    attends: Literal["on-site", "virtual"] = "on-site"
    languages: tuple[SpokenLanguage, ...] = Field(default=(), max_length=20)
    most_meetings: int | None = Field(default=None, ge=1, le=200)
    min_break: int = Field(default=0, ge=0, le=20)
    preferences: tuple[Preference, ...] = Field(default=(), max_length=500)
    fixed_table: bool = False


class ParticipantRegistered(Participation):
    """A member takes part. `places` are the numbers it holds where the event has quotas, such as `all:17` and `sme:4`.

    `again`: it did so before, and only says how.
    """

    TYPE: ClassVar[str] = "events.participant-registered.v1"
    places: tuple[Annotated[str, Field(max_length=60)], ...] = Field(default=(), max_length=5)
    again: bool = False


class ParticipantPutOnStandby(Participation):
    """A member waits for a place, in the order of `since`. `again` as in ParticipantRegistered."""

    TYPE: ClassVar[str] = "events.participant-put-on-standby.v1"
    since: Instant
    again: bool = False


class AvailabilityChanged(DomainEvent):
    """A participant comes late, leaves early or did not come: the slots in which it cannot meet anybody, all of them."""

    TYPE: ClassVar[str] = "events.availability-changed.v1"
    event_id: Id
    member_id: Id
    unavailable: tuple[int, ...] = Field(default=(), max_length=200)


class Unanswered(Value):
    """A request that was not accepted in time, and whom it asked."""

    meeting_id: Id
    asked: tuple[Id, ...] = Field(min_length=1, max_length=10)


class RequestsExpired(DomainEvent):
    """The deadline for answers has passed, or the event is closed: all requests of a participant that not everybody accepted.

    `until` is the deadline, where there was one: it may be moved, and pass again.
    """

    TYPE: ClassVar[str] = "events.requests-expired.v1"
    event_id: Id
    member_id: Id
    unanswered: tuple[Unanswered, ...] = Field(min_length=1, max_length=5000)
    until: Instant | None = None


class ParticipantWithdrew(DomainEvent):
    TYPE: ClassVar[str] = "events.participant-withdrew.v1"
    event_id: Id
    member_id: Id


class ParticipantCheckedIn(DomainEvent):
    """A participant is there, on a `day` of the event where it takes place; without one, as it was told once, on the first."""

    TYPE: ClassVar[str] = "events.participant-checked-in.v1"
    event_id: Id
    member_id: Id
    day: Day | None = None


class CheckInUndone(DomainEvent):
    """A participant was checked in on a `day` by mistake: nothing tells any more that it is there."""

    TYPE: ClassVar[str] = "events.check-in-undone.v1"
    event_id: Id
    member_id: Id
    day: Day
