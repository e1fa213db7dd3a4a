"""The state of a brokerage event, and how domain events evolve it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from shared.chassis.documents import parse, to_document
from shared.contracts.base import DomainEvent, LocalizedText
from shared.contracts.events import (
    BrokerageEventAnnounced,
    BrokerageEventClosed,
    BrokerageEventCorrected,
    BrokerageEventDrafted,
    BrokerageEventStarted,
    Ending,
    Occasion,
    RegistrationClosed,
    RegistrationOpened,
    TablesClosed,
)
from shared.contracts.matching import Mode
from shared.contracts.registry import Kind

Status = Literal["draft", "announced", "registration-open", "registration-closed", "running", "closed"]
TableKind = Literal["shared", "fixed", "virtual"]


@dataclass(frozen=True, slots=True)
class Slot:
    """A time in which each participant can have one meeting."""

    number: int
    session: int
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Table:
    """What is special about a table; most have none of this."""

    number: int
    kind: TableKind
    member_id: str | None
    seats: int | None
    label: str | None


@dataclass(frozen=True, slots=True)
class Quota:
    """How many participants of a kind there may be at most."""

    kind: Kind
    most: int


@dataclass(frozen=True, slots=True)
class BrokerageEvent:
    """A brokerage event, from its draft or announcement on. `corrections` counts what was corrected since.

    `ending` says of a closed one whether it took place.
    """

    title: LocalizedText
    districts: tuple[str, ...]
    modes: tuple[Mode, ...]
    venue: str
    timezone: str
    slots: tuple[Slot, ...]
    tables: int
    fairness: int
    format: Literal["on-site", "virtual", "hybrid"]
    languages: tuple[str, ...]
    special_tables: tuple[Table, ...]
    places: int | None
    quotas: tuple[Quota, ...]
    requests_until: datetime | None
    repairs: Literal["automatic", "asked"]
    status: Status
    closed_tables: tuple[int, ...] = ()
    corrections: int = 0
    ending: Ending | None = None


STATUS_AFTER: Final[dict[type[DomainEvent], Status]] = {
    RegistrationOpened: "registration-open",
    RegistrationClosed: "registration-closed",
    BrokerageEventStarted: "running",
}


def evolve(state: BrokerageEvent | None, event: DomainEvent) -> BrokerageEvent:
    """Fold a domain event of a brokerage event."""
    match event:
        case BrokerageEventAnnounced():
            return parse(BrokerageEvent, event.model_dump() | {"status": "announced"})
        case BrokerageEventDrafted():
            return parse(BrokerageEvent, event.model_dump() | {"status": "draft"})
    assert state is not None, "a brokerage event begins with its draft or announcement"
    match event:
        case BrokerageEventCorrected():
            occasion = event.model_dump(include=set(Occasion.model_fields))
            return parse(BrokerageEvent, to_document(state) | occasion | {"corrections": state.corrections + 1})
        case TablesClosed(tables=tables):
            return replace(state, closed_tables=tables)
        case BrokerageEventClosed(ending=ending):
            return replace(state, status="closed", ending=ending)
    return replace(state, status=STATUS_AFTER[type(event)])
