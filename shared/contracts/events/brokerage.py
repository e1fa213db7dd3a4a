"""Brokerage events as a whole: drafted, announced, led through their day."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.contracts.base import DomainEvent, Id, Instant, Items, LocalizedText, Value
from shared.contracts.events.agendas import Placement
from shared.contracts.human_text import HumanText
from shared.contracts.matching import Mode
from shared.contracts.registry import Kind

SpokenLanguage = Annotated[str, Field(pattern=r"^[a-z]{2}$", description="ISO 639-1: two small letters, such as it.")]


class Slot(Value):
    """One time in which each participant can have one meeting. Numbers start at 1."""

    number: int = Field(ge=1, le=200)
    session: int = Field(default=1, ge=1, le=20)
    starts: Instant
    ends: Instant


class Table(Value):
    """What is special about a table: that it is one participant's (`fixed`), a virtual room, or how many people it seats."""

    number: int = Field(ge=1, le=500)
    kind: Literal["shared", "fixed", "virtual"] = "shared"
    member_id: Id | None = None
    seats: int | None = Field(default=None, ge=2, le=100)
    label: Annotated[str, HumanText(100)] | None = None


class Quota(Value):
    """At most so many participants of one kind of organisation."""

    kind: Kind
    most: int = Field(ge=0, le=5000)


class Occasion(DomainEvent):
    """What is told of a brokerage event as a whole. `places` limits its participants, `requests_until` ends the asking.

    On the day its agenda is repaired by itself after every change, or with `repairs` asked only when a manager says so.
    """

    title: LocalizedText
    districts: Annotated[tuple[Id, ...], Items(20, least=1)]
    modes: Annotated[tuple[Mode, ...], Items(3, least=1)]
    venue: Annotated[str, HumanText(300)]
    timezone: str = Field(max_length=60)
    slots: Annotated[tuple[Slot, ...], Items(200, least=1)]
    tables: int = Field(ge=1, le=500)
    fairness: int = Field(default=2, ge=0, le=50)
    format: Literal["on-site", "virtual", "hybrid"] = "on-site"
    languages: Annotated[tuple[SpokenLanguage, ...], Items(20)] = ()
    special_tables: Annotated[tuple[Table, ...], Items(500)] = ()
    places: int | None = Field(default=None, ge=1, le=5000)
    quotas: Annotated[tuple[Quota, ...], Items(10)] = ()
    requests_until: Instant | None = None
    repairs: Literal["automatic", "asked"] = "automatic"


class BrokerageEventDrafted(Occasion):
    """A draft, whole each time it is edited; nobody is told of it."""

    TYPE: ClassVar[str] = "events.brokerage-event-drafted.v1"


class BrokerageEventAnnounced(Occasion):
    TYPE: ClassVar[str] = "events.brokerage-event-announced.v1"


class BrokerageEventCorrected(Occasion):
    """An announced event as it is from now on, whole. Time zone, districts, modes, format and the slots and tables that were
    there are as announced, but for labels of tables.

    `changed` names the fields that are others than before. Where that concerns them, all who were registered or stood by are
    the `participants`, and are told.
    """

    TYPE: ClassVar[str] = "events.brokerage-event-corrected.v1"
    changed: tuple[Annotated[str, Field(max_length=60)], ...] = Field(default=(), max_length=30)
    participants: tuple[Id, ...] = Field(default=(), max_length=20000)


class RegistrationOpened(DomainEvent):
    """Members of its districts may register; `again` where that was closed in between."""

    TYPE: ClassVar[str] = "events.registration-opened.v1"
    again: bool = False


class RegistrationClosed(DomainEvent):
    TYPE: ClassVar[str] = "events.registration-closed.v1"


Ending = Literal["held", "ended-early", "cancelled"]
"""Whether a closed event took place: to the end of its last slot, with a meeting before it was closed early, or not at all."""


class Absence(Value):
    """Who did not come to a meeting that the others held."""

    meeting_id: Id
    members: tuple[Id, ...] = Field(min_length=1, max_length=20)


class BrokerageEventClosed(DomainEvent):
    """The event is over. What took place: the meetings of this version of the agenda, but for those `not_held`, and the
    appointments outside it, each without those that `absences` name.

    What was still to come does not take place: of those not held the ones `called_off`, and `appointments_off`. Nor do the
    agreed meetings `without_place`, which no agenda had a place for, or which are off since somebody withdrew: those who did
    are `gone`. `registered` are all who took part or stood by, where the event was closed before the end of its last slot.
    `ending` is None where that was not told yet.
    """

    TYPE: ClassVar[str] = "events.brokerage-event-closed.v1"
    agenda: int | None = Field(default=None, ge=1)
    not_held: tuple[Id, ...] = Field(default=(), max_length=20000)
    appointments: tuple[Placement, ...] = Field(default=(), max_length=20000)
    called_off: tuple[Id, ...] = Field(default=(), max_length=20000)
    appointments_off: tuple[Placement, ...] = Field(default=(), max_length=20000)
    without_place: tuple[Id, ...] = Field(default=(), max_length=10000)
    gone: tuple[Id, ...] = Field(default=(), max_length=5000)
    registered: tuple[Id, ...] = Field(default=(), max_length=5000)
    absences: tuple[Absence, ...] = Field(default=(), max_length=20000)
    ending: Ending | None = None


class BrokerageEventStarted(DomainEvent):
    TYPE: ClassVar[str] = "events.brokerage-event-started.v1"


class TablesClosed(DomainEvent):
    """These tables, and no others, cannot be used from now on."""

    TYPE: ClassVar[str] = "events.tables-closed.v1"
    tables: tuple[int, ...] = Field(default=(), max_length=500)
