"""What notifications knows of other services: the rows of its projections."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.contracts.base import Language, LocalizedText

MemberStatus = Literal["applied", "approved", "refused", "withdrawn"]
BrokerageEventStatus = Literal["draft", "announced", "registration-open", "registration-closed", "running", "closed"]


@dataclass(frozen=True)
class Member:
    """An organisation. `approved` is the time of its approval."""

    name: str
    districts: tuple[str, ...]
    status: MemberStatus
    approved: datetime | None


@dataclass(frozen=True)
class Contact:
    """Whom to write to. Personal data."""

    name: str
    email: str
    language: Language


@dataclass(frozen=True)
class Representatives:
    """What the representatives of a participant are called, by their ids; those without a label are absent."""

    event_id: str
    member_id: str
    labels: dict[str, str]


@dataclass(frozen=True)
class Slot:
    number: int
    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class Room:
    """A table with a label of its own, or a virtual one."""

    number: int
    label: str | None
    virtual: bool


@dataclass(frozen=True)
class BrokerageEvent:
    """A brokerage event as its participants know it. `version` is that of the event that described it last."""

    title: LocalizedText
    venue: str
    timezone: str
    districts: tuple[str, ...]
    slots: tuple[Slot, ...]
    requests_until: datetime | None
    rooms: tuple[Room, ...]
    version: int
    status: BrokerageEventStatus


@dataclass(frozen=True)
class Agreement:
    """A version at which a meeting was agreed on, and the slot it was requested for."""

    sequence: int
    slot: int | None


@dataclass(frozen=True)
class RecordedOutcome:
    """The number of the event in which a side recorded its outcome last."""

    by: str
    sequence: int


@dataclass(frozen=True)
class Meeting:
    """The members of a meeting, the slot of the last request, and each agreement on it.

    `changed` is the number of the last event after which something else holds than its members were told before; `joined` are
    those that have accepted since the last request, where others are still to answer. Those of `unwilling` were not told of that
    request, and have not accepted it.
    """

    members: tuple[str, ...]
    slot: int | None
    agreed: tuple[Agreement, ...]
    changed: int = 0
    joined: tuple[str, ...] = ()
    outcomes: tuple[RecordedOutcome, ...] = ()
    unwilling: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlacedMeeting:
    meeting_id: str
    members: tuple[str, ...]
    others: tuple[str, ...]
    slot: int
    table: int
    people: tuple[str, ...]


@dataclass(frozen=True)
class UnplacedMeeting:
    meeting_id: str
    members: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True)
class Agenda:
    """One version of an agenda."""

    placements: tuple[PlacedMeeting, ...]
    unplaced: tuple[UnplacedMeeting, ...]
