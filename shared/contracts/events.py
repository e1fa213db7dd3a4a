"""What the brokerage-events service publishes: events, registrations, meetings, agendas."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.contracts.base import DomainEvent, Id, Instant, LocalizedText, Value
from shared.contracts.matching import Mode
from shared.contracts.registry import Kind

Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
"""A day as ISO 8601 writes it: 2027-03-10."""
SpokenLanguage = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
"""A language as ISO 639-1 writes it."""
RepresentativeId = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9][A-Za-z0-9._\-]*$")]
"""Who of an organisation, told apart from its other representatives: an id, never a person's name."""
OutcomeKind = Literal["follow-up", "nda", "joint-project", "funding-application", "licence", "agreement", "nothing"]


class Slot(Value):
    """One time in which each participant can have one meeting. Numbers start at 1."""

    number: int = Field(ge=1, le=200)
    session: int = Field(default=1, ge=1, le=20)
    starts: Instant
    ends: Instant


class Placement(Value):
    """A meeting of an agenda: who, in which slot, at which table (from 1).

    A group has `others` beside the first two. `people` says who sits there where a member has several representatives, in
    the order of the members: `member:representative`, or the member itself.
    """

    meeting_id: Id
    members: tuple[Id, Id]
    slot: int = Field(ge=1)
    table: int = Field(ge=1)
    others: tuple[Id, ...] = Field(default=(), max_length=8)
    people: tuple[Id, ...] = Field(default=(), max_length=10)


class Unplaced(Value):
    """An accepted meeting the agenda has no place for, and why."""

    meeting_id: Id
    members: tuple[Id, Id]
    reason: LocalizedText
    others: tuple[Id, ...] = Field(default=(), max_length=8)


class Table(Value):
    """What is special about a table: that it is one participant's (`fixed`), a virtual room, or how many people it seats."""

    number: int = Field(ge=1, le=500)
    kind: Literal["shared", "fixed", "virtual"] = "shared"
    member_id: Id | None = None
    seats: int | None = Field(default=None, ge=2, le=100)
    label: str | None = Field(default=None, min_length=1, max_length=100)


class Quota(Value):
    """At most so many participants of one kind of organisation."""

    kind: Kind
    most: int = Field(ge=0, le=5000)


class Occasion(DomainEvent):
    """What is told of a brokerage event as a whole. `places` limits its participants, `requests_until` ends the asking.

    On the day its agenda is repaired by itself after every change, or with `repairs` asked only when a manager says so.
    """

    title: LocalizedText
    districts: tuple[Id, ...] = Field(min_length=1, max_length=20)
    modes: tuple[Mode, ...] = Field(min_length=1, max_length=3)
    venue: str = Field(min_length=1, max_length=300)
    timezone: str = Field(max_length=60)
    slots: tuple[Slot, ...] = Field(min_length=1, max_length=200)
    tables: int = Field(ge=1, le=500)
    fairness: int = Field(default=2, ge=0, le=50)
    format: Literal["on-site", "virtual", "hybrid"] = "on-site"
    languages: tuple[SpokenLanguage, ...] = Field(default=(), max_length=20)
    special_tables: tuple[Table, ...] = Field(default=(), max_length=500)
    places: int | None = Field(default=None, ge=1, le=5000)
    quotas: tuple[Quota, ...] = Field(default=(), max_length=10)
    requests_until: Instant | None = None
    repairs: Literal["automatic", "asked"] = "automatic"


class BrokerageEventDrafted(Occasion):
    """A draft, whole each time it is edited; nobody is told of it."""

    TYPE: ClassVar[str] = "events.brokerage-event-drafted.v1"


class BrokerageEventAnnounced(Occasion):
    TYPE: ClassVar[str] = "events.brokerage-event-announced.v1"


class RegistrationOpened(DomainEvent):
    TYPE: ClassVar[str] = "events.registration-opened.v1"


class RegistrationClosed(DomainEvent):
    TYPE: ClassVar[str] = "events.registration-closed.v1"


class BrokerageEventClosed(DomainEvent):
    """The event is over. What took place: the meetings of this version of the agenda, but for those `not_held`, and the
    appointments outside it."""

    TYPE: ClassVar[str] = "events.brokerage-event-closed.v1"
    agenda: int | None = Field(default=None, ge=1)
    not_held: tuple[Id, ...] = Field(default=(), max_length=20000)
    appointments: tuple[Placement, ...] = Field(default=(), max_length=20000)


class BrokerageEventStarted(DomainEvent):
    TYPE: ClassVar[str] = "events.brokerage-event-started.v1"


class TablesClosed(DomainEvent):
    """These tables, and no others, cannot be used from now on."""

    TYPE: ClassVar[str] = "events.tables-closed.v1"
    tables: tuple[int, ...] = Field(default=(), max_length=500)


class Representative(Value):
    """One of those who speak for an organisation: an id and a role, never a person's name."""

    id: RepresentativeId
    label: str | None = Field(default=None, min_length=1, max_length=100)


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
    """A member takes part. `places` are the numbers it holds where the event has quotas, such as `all:17` and `sme:4`."""

    TYPE: ClassVar[str] = "events.participant-registered.v1"
    places: tuple[Annotated[str, Field(max_length=60)], ...] = Field(default=(), max_length=5)


class ParticipantPutOnStandby(Participation):
    """A member waits for a place, in the order of `since`."""

    TYPE: ClassVar[str] = "events.participant-put-on-standby.v1"
    since: Instant


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
    """The deadline for answers has passed: all requests of a participant that nobody, or not everybody, accepted."""

    TYPE: ClassVar[str] = "events.requests-expired.v1"
    event_id: Id
    member_id: Id
    unanswered: tuple[Unanswered, ...] = Field(min_length=1, max_length=5000)


class ParticipantWithdrew(DomainEvent):
    TYPE: ClassVar[str] = "events.participant-withdrew.v1"
    event_id: Id
    member_id: Id


class ParticipantCheckedIn(DomainEvent):
    TYPE: ClassVar[str] = "events.participant-checked-in.v1"
    event_id: Id
    member_id: Id


class MeetingRequested(DomainEvent):
    """A meeting is asked for: of two, or with `others` of a group. With `slot` it is an appointment outside the agenda.

    `people` are the representatives it is asked for, `member:representative`, at most one of each member.
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
    reason: str = Field(min_length=1, max_length=1000)


class MeetingExpired(DomainEvent):
    """The event's deadline for answers passed before everybody had accepted."""

    TYPE: ClassVar[str] = "events.meeting-expired.v1"
    event_id: Id


class MeetingCancelled(DomainEvent):
    """An agreed meeting is called off by a side or, without `by`, because somebody withdrew."""

    TYPE: ClassVar[str] = "events.meeting-cancelled.v1"
    event_id: Id
    by: Id | None = None
    reason: str = Field(min_length=1, max_length=1000)


class AppointmentProposed(DomainEvent):
    """A side wants an accepted meeting that has no place to be in this slot; the others are to say the same."""

    TYPE: ClassVar[str] = "events.appointment-proposed.v1"
    event_id: Id
    by: Id
    slot: int = Field(ge=1, le=200)
    table: int | None = Field(default=None, ge=1, le=500)


class AppointmentMade(DomainEvent):
    """An accepted meeting has its own slot and table, outside the agenda; `people` as in a placement."""

    TYPE: ClassVar[str] = "events.appointment-made.v1"
    event_id: Id
    slot: int = Field(ge=1, le=200)
    table: int = Field(ge=1, le=500)
    people: tuple[Id, ...] = Field(min_length=2, max_length=10)


class MeetingHeld(DomainEvent):
    """The meeting took place, says a side (`by`) or, without `by`, a manager of the event. The newest word counts."""

    TYPE: ClassVar[str] = "events.meeting-held.v1"
    event_id: Id
    by: Id | None = None


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
    text: str | None = Field(default=None, min_length=1, max_length=1000)


class AgendaPublished(DomainEvent):
    """One whole version of an agenda: all placements, and the input it was computed from.

    A version that is `repaired` changes as little as possible of the one before, and `optimal` says that it does; one that
    `restores` an earlier version publishes that again.
    """

    TYPE: ClassVar[str] = "events.agenda-published.v1"
    event_id: Id
    placements: tuple[Placement, ...] = Field(max_length=20000)
    unplaced: tuple[Unplaced, ...] = Field(default=(), max_length=20000)
    status: Literal["optimal", "feasible"]
    breaks: int = Field(ge=0)
    bound: int = Field(ge=0)
    input: str = Field(max_length=80)
    repaired: bool = False
    restores: int | None = Field(default=None, ge=1)
