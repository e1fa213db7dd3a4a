"""The rules of a brokerage event's life: drafted, announced, registration opened and closed, started, closed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal, TypedDict, TypeVar

from services.events.brokerage.rules.correction import CONCERNS, Taken, check_correction
from services.events.brokerage.rules.validation import check_occasion, check_to_come
from services.events.errors import invalid
from shared.chassis.errors import NotFound, Refusal
from shared.contracts.base import DomainEvent
from shared.contracts.events import (
    BrokerageEventAnnounced,
    BrokerageEventClosed,
    BrokerageEventCorrected,
    BrokerageEventDrafted,
    BrokerageEventStarted,
    Occasion,
    RegistrationClosed,
    RegistrationOpened,
    TablesClosed,
)

Status = Literal["draft", "announced", "registration-open", "registration-closed", "running", "closed"]
MOST_TOLD = 20000
"""Participants in one event, and far more than any has."""
AnyOccasion = TypeVar("AnyOccasion", bound=Occasion)


class Brokerage(TypedDict):
    title: dict[str, str]
    districts: list[str]
    modes: list[str]
    venue: str
    timezone: str
    slots: list[dict[str, Any]]
    tables: int
    fairness: int
    format: str
    languages: list[str]
    special_tables: list[dict[str, Any]]
    places: int | None
    quotas: list[dict[str, Any]]
    requests_until: datetime | None
    repairs: str
    closed_tables: list[int]
    corrections: int
    status: Status


def draft(state: Brokerage | None, drafted: BrokerageEventDrafted) -> Sequence[DomainEvent]:
    """Make a draft; the same one again is nothing new, another by its id is refused: whose it is edits it."""
    check_occasion(drafted)
    if state is None:
        return [drafted]
    if state["status"] == "draft" and _told(state, BrokerageEventDrafted) == drafted:
        return []
    raise _exists()


def edit_draft(state: Brokerage | None, drafted: BrokerageEventDrafted) -> Sequence[DomainEvent]:
    """Edit a draft: it is whole each time. The same again changes nothing; an announced event is no draft."""
    check_occasion(drafted)
    event = _existing(state)
    if event["status"] != "draft":
        raise Refusal("already-announced", it="L'evento è già annunciato.", en="The event has been announced already.")
    return [] if _told(event, BrokerageEventDrafted) == drafted else [drafted]


def announce(state: Brokerage | None, announced: BrokerageEventAnnounced, now: datetime) -> Sequence[DomainEvent]:
    """Announce a brokerage event that is to come; the same one again is nothing new, another by its id is refused."""
    check_occasion(announced)
    if state is None:
        check_to_come(announced, now)
        return [announced]
    if state["status"] != "draft" and _told(state, BrokerageEventAnnounced) == announced:
        return []
    raise _exists()


def announce_draft(state: Brokerage | None, now: datetime) -> Sequence[DomainEvent]:
    """Announce a draft as it is, where it is to come; announcing what is announced changes nothing."""
    event = _existing(state)
    if event["status"] != "draft":
        return []
    announced = _told(event, BrokerageEventAnnounced)
    check_occasion(announced)
    check_to_come(announced, now)
    return [announced]


def correct(state: Brokerage | None, wanted: Occasion, taken: Taken, now: datetime) -> Sequence[DomainEvent]:
    """Correct an event that is announced and not closed: it is whole each time. The same again changes nothing.

    Dates that are over may stay, none may be set. Who takes part is told of what concerns everybody.
    """
    check_occasion(wanted)
    event = _existing(state)
    _announced(event)
    not_closed(event)
    before = _told(event, Occasion)
    check_correction(before, wanted, taken)
    told = {name: getattr(wanted, name) for name in Occasion.model_fields}
    told |= {"districts": before.districts, "modes": before.modes}
    changed = tuple(name for name, value in told.items() if value != getattr(before, name))
    if not changed:
        return []
    check_to_come(wanted, now, before)
    participants = taken.members[:MOST_TOLD] if CONCERNS.intersection(changed) else ()
    return [BrokerageEventCorrected(**told, changed=changed, participants=participants)]


def open_registration(state: Brokerage | None) -> Sequence[DomainEvent]:
    """Open registration, for the first time or again; opening what is open changes nothing."""
    event = _existing(state)
    if event["status"] == "registration-open":
        return []
    _announced(event)
    not_closed(event)
    _not_running(event)
    return [RegistrationOpened(again=event["status"] == "registration-closed")]


def close_registration(state: Brokerage | None) -> Sequence[DomainEvent]:
    """Close registration; closing it twice changes nothing."""
    event = _existing(state)
    if event["status"] == "registration-closed":
        return []
    not_closed(event)
    _not_running(event)
    if event["status"] != "registration-open":
        raise Refusal("registration-not-open", it="L'iscrizione non è ancora aperta.", en="Registration is not open yet.")
    return [RegistrationClosed()]


def start(state: Brokerage | None) -> Sequence[DomainEvent]:
    """Begin the day: registration is over. Starting twice changes nothing."""
    event = _existing(state)
    if event["status"] == "running":
        return []
    _announced(event)
    not_closed(event)
    return [BrokerageEventStarted()]


def close_tables(state: Brokerage | None, tables: Sequence[int]) -> Sequence[DomainEvent]:
    """Say which tables cannot be used from now on, all of them; the same again changes nothing."""
    event = _existing(state)
    _announced(event)
    not_closed(event)
    for number, table in enumerate(tables):
        if not 1 <= table <= event["tables"]:
            most = event["tables"]
            raise invalid(f"tables.{number}", "table", it=f"i tavoli vanno da 1 a {most}", en=f"tables run from 1 to {most}")
    wanted = tuple(sorted(set(tables)))
    return [] if list(wanted) == list(event["closed_tables"]) else [TablesClosed(tables=wanted)]


def close(state: Brokerage | None, closed: BrokerageEventClosed) -> Sequence[DomainEvent]:
    """Close the event: only what became of its meetings may still be told. Closing it twice changes nothing.

    `closed` says what took place, as it was read for this command.
    """
    event = _existing(state)
    if event["status"] == "closed":
        return []
    _announced(event)
    return [closed]


def not_closed(event: Brokerage) -> None:
    """Raise Refusal where the event is closed."""
    if event["status"] == "closed":
        raise Refusal(
            "event-closed", it="L'evento è chiuso: non si cambia più.", en="The event is closed: nothing about it changes."
        )


def answers_over(event: Mapping[str, Any], now: datetime) -> bool:
    """Tell whether requests can be answered no more: their time is over, or the event."""
    until = event.get("requests_until")
    return event["status"] == "closed" or (until is not None and until <= now)


def evolve(state: Brokerage | None, event: DomainEvent) -> Brokerage:
    """Fold a domain event of a brokerage event."""
    if isinstance(event, BrokerageEventAnnounced | BrokerageEventDrafted):
        status = "announced" if isinstance(event, BrokerageEventAnnounced) else "draft"
        return {**event.model_dump(), "closed_tables": [], "corrections": 0, "status": status}  # type: ignore[typeddict-item]
    assert state is not None, "a brokerage event begins with its announcement"
    if isinstance(event, BrokerageEventCorrected):
        corrections = state.get("corrections", 0) + 1
        return {**state, **event.model_dump(include=set(Occasion.model_fields)), "corrections": corrections}  # type: ignore[typeddict-item]
    if isinstance(event, TablesClosed):
        return {**state, "closed_tables": list(event.tables)}
    return {**state, "status": _STATUS[type(event)]}


_STATUS: Final[dict[type[DomainEvent], Status]] = {
    RegistrationOpened: "registration-open",
    RegistrationClosed: "registration-closed",
    BrokerageEventStarted: "running",
    BrokerageEventClosed: "closed",
}


def _told(state: Brokerage, kind: type[AnyOccasion]) -> AnyOccasion:
    """Read back what was told; what a state of before does not have is as it was by default."""
    return kind.model_validate({name: state[name] for name in kind.model_fields if name in state})  # type: ignore[literal-required]


def _exists() -> Refusal:
    it = "Un altro evento ha già questo id: sceglierne un altro, o modificare la bozza con PUT."
    return Refusal("event-exists", it=it, en="Another event has this id already: choose another one, or edit the draft by PUT.")


def _announced(event: Brokerage) -> None:
    if event["status"] == "draft":
        raise Refusal(
            "event-is-a-draft", it="L'evento è una bozza: prima annunciarlo.", en="The event is a draft: announce it first."
        )


def _not_running(event: Brokerage) -> None:
    if event["status"] == "running":
        raise Refusal(
            "event-running", it="L'evento è in corso: l'iscrizione è chiusa.", en="The event is running: registration is over."
        )


def _existing(state: Brokerage | None) -> Brokerage:
    if state is None:
        raise NotFound("event-unknown", it="Non c'è nessun evento con questo id.", en="There is no brokerage event by this id.")
    return state
