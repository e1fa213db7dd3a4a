"""What messages name: the parameters of each template, in no language yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.contracts.base import LocalizedText
from shared.contracts.events import OutcomeKind
from shared.contracts.matching import Mode


@dataclass(frozen=True)
class EventDetails:
    """A brokerage event: what it is called, where it is, and from when to when."""

    title: LocalizedText
    venue: str
    timezone: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class RoomDetails:
    label: str | None
    virtual: bool


@dataclass(frozen=True)
class Place:
    """When and where a meeting is. `table` is None while none is chosen; `room` where the table has one of its own."""

    starts: datetime
    ends: datetime
    table: int | None = None
    room: RoomDetails | None = None


@dataclass(frozen=True)
class MessageFacts:
    """What every message names: its recipient."""

    name: str


@dataclass(frozen=True)
class Introduction(MessageFacts):
    partner: str
    mode: Mode


@dataclass(frozen=True)
class AboutEvent(MessageFacts):
    """What every message about a brokerage event names."""

    event: EventDetails


@dataclass(frozen=True)
class AboutMeeting(AboutEvent):
    """What every message about one meeting names. `partner` are all its other members."""

    partner: str


@dataclass(frozen=True)
class Request(AboutMeeting):
    """`partner` requests the meeting; `group` are the other invited members. With `place` it is an appointment.

    `comes` and `own` are the representatives of `partner` and of the recipient, empty where none is named.
    """

    mode: Mode
    comes: str
    group: str
    own: str
    until: datetime
    place: Place | None


@dataclass(frozen=True)
class Acceptance(AboutMeeting):
    """`by` accepts; `requested` says that the recipient had requested the meeting. With `place` it is an appointment."""

    by: str
    requested: bool
    place: Place | None


@dataclass(frozen=True)
class Refusal(AboutMeeting):
    by: str
    requested: bool
    reason: str


@dataclass(frozen=True)
class Expiry(AboutEvent):
    """`partners` are the invited members of each request that expired."""

    partners: tuple[str, ...]


@dataclass(frozen=True)
class Cancellation(AboutMeeting):
    """`by` is the member or None: then the organisers cancelled the meeting, or somebody withdrew from the event."""

    by: str | None
    organisers: bool
    reason: str | None


@dataclass(frozen=True)
class Proposal(AboutMeeting):
    by: str
    place: Place


@dataclass(frozen=True)
class Appointment(AboutMeeting):
    own: str
    place: Place
    moved: bool


@dataclass(frozen=True)
class DroppedAppointment(AboutMeeting):
    place: Place
    reason: LocalizedText


@dataclass(frozen=True)
class MissedMeeting(AboutMeeting):
    """`you`: the recipient is among the absent; `absent` are the others that were."""

    you: bool
    absent: str


@dataclass(frozen=True)
class Outcome(AboutMeeting):
    by: str
    outcome: OutcomeKind


@dataclass(frozen=True)
class ListedMeeting:
    """A meeting in a list; `own` is the representative that the recipient sends."""

    partner: str
    own: str
    place: Place
    appointment: bool


@dataclass(frozen=True)
class UnplacedMeeting:
    partner: str
    reason: LocalizedText


ChangeKind = Literal["added", "removed", "appointed", "moved", "reseated", "represented", "unplaced"]


@dataclass(frozen=True)
class ChangedMeeting:
    """What became of a meeting, and where it is now, or was."""

    kind: ChangeKind
    partner: str
    own: str
    place: Place | None


@dataclass(frozen=True)
class AgendaFacts(AboutEvent):
    version: int
    meetings: tuple[ListedMeeting, ...]
    unplaced: tuple[UnplacedMeeting, ...]
    changes: tuple[ChangedMeeting, ...]


@dataclass(frozen=True)
class Correction(AboutEvent):
    """`changed` names the fields that were corrected."""

    requests_until: datetime | None
    changed: tuple[str, ...]


Ending = Literal["over", "early", "cancelled"]


@dataclass(frozen=True)
class Closing(AboutEvent):
    """`meetings` were held; `cancelled` were still to come; `unplaced` were agreed on and never had a place."""

    meetings: tuple[ListedMeeting, ...]
    cancelled: tuple[ListedMeeting, ...]
    unplaced: tuple[str, ...]
    ending: Ending


TEMPLATES: Mapping[str, type[MessageFacts]] = {
    "welcome": MessageFacts,
    "introduction": Introduction,
    "event-announced": AboutEvent,
    "registration-open": AboutEvent,
    "registration": AboutEvent,
    "standby": AboutEvent,
    "withdrawal": AboutEvent,
    "checked-in": AboutEvent,
    "meeting-requested": Request,
    "meeting-accepted": Acceptance,
    "meeting-declined": Refusal,
    "meeting-cancelled": Cancellation,
    "meeting-missed": MissedMeeting,
    "requests-expired": Expiry,
    "appointment-proposed": Proposal,
    "appointment": Appointment,
    "appointment-dropped": DroppedAppointment,
    "outcome": Outcome,
    "agenda": AgendaFacts,
    "event-corrected": Correction,
    "event-closed": Closing,
}
"""The facts of each template."""
