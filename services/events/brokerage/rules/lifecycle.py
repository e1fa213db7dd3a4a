"""The rules of a brokerage event's life: drafted, announced, registration opened and closed, started, closed."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from services.events.brokerage.rules.correction import CONCERNS, Taken, check_correction
from services.events.brokerage.rules.validation import check_occasion, check_to_come
from services.events.brokerage.state import BrokerageEvent
from services.events.errors import invalid
from shared.chassis.documents import to_document
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

MOST_TOLD = 20000
"""Participants in one event, and far more than any has."""
AnyOccasion = TypeVar("AnyOccasion", bound=Occasion)


def draft(state: BrokerageEvent | None, drafted: BrokerageEventDrafted) -> Sequence[DomainEvent]:
    """Make a draft; the same one again is nothing new, another by its id is refused: whose it is edits it."""
    check_occasion(drafted)
    if state is None:
        return [drafted]
    if state.status == "draft" and _told(state, BrokerageEventDrafted) == drafted:
        return []
    raise _exists()


def edit_draft(state: BrokerageEvent | None, drafted: BrokerageEventDrafted) -> Sequence[DomainEvent]:
    """Edit a draft: it is whole each time. The same again changes nothing; an announced event is no draft."""
    check_occasion(drafted)
    event = _existing(state)
    if event.status != "draft":
        raise Refusal("already-announced", it="L'evento è già annunciato.", en="The event has been announced already.")
    return [] if _told(event, BrokerageEventDrafted) == drafted else [drafted]


def announce(state: BrokerageEvent | None, announced: BrokerageEventAnnounced, now: datetime) -> Sequence[DomainEvent]:
    """Announce a brokerage event that is to come; the same one again is nothing new, another by its id is refused."""
    check_occasion(announced)
    if state is None:
        check_to_come(announced, now)
        return [announced]
    if state.status != "draft" and _told(state, BrokerageEventAnnounced) == announced:
        return []
    raise _exists()


def announce_draft(state: BrokerageEvent | None, now: datetime) -> Sequence[DomainEvent]:
    """Announce a draft as it is, where it is to come; announcing what is announced changes nothing."""
    event = _existing(state)
    if event.status != "draft":
        return []
    announced = _told(event, BrokerageEventAnnounced)
    check_occasion(announced)
    check_to_come(announced, now)
    return [announced]


def correct(state: BrokerageEvent | None, wanted: Occasion, taken: Taken, now: datetime) -> Sequence[DomainEvent]:
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


def open_registration(state: BrokerageEvent | None) -> Sequence[DomainEvent]:
    """Open registration, for the first time or again; opening what is open changes nothing."""
    event = _existing(state)
    if event.status == "registration-open":
        return []
    _announced(event)
    not_closed(event)
    _not_running(event)
    return [RegistrationOpened(again=event.status == "registration-closed")]


def close_registration(state: BrokerageEvent | None) -> Sequence[DomainEvent]:
    """Close registration; closing it twice changes nothing."""
    event = _existing(state)
    if event.status == "registration-closed":
        return []
    not_closed(event)
    _not_running(event)
    if event.status != "registration-open":
        raise Refusal("registration-not-open", it="L'iscrizione non è ancora aperta.", en="Registration is not open yet.")
    return [RegistrationClosed()]


def start(state: BrokerageEvent | None) -> Sequence[DomainEvent]:
    """Begin the day: registration is over. Starting twice changes nothing."""
    event = _existing(state)
    if event.status == "running":
        return []
    _announced(event)
    not_closed(event)
    return [BrokerageEventStarted()]


def close_tables(state: BrokerageEvent | None, tables: Sequence[int]) -> Sequence[DomainEvent]:
    """Say which tables cannot be used from now on, all of them; the same again changes nothing."""
    event = _existing(state)
    _announced(event)
    not_closed(event)
    for number, table in enumerate(tables):
        if not 1 <= table <= event.tables:
            most = event.tables
            raise invalid(f"tables.{number}", "table", it=f"i tavoli vanno da 1 a {most}", en=f"tables run from 1 to {most}")
    wanted = tuple(sorted(set(tables)))
    return [] if wanted == event.closed_tables else [TablesClosed(tables=wanted)]


def close(state: BrokerageEvent | None, closed: BrokerageEventClosed) -> Sequence[DomainEvent]:
    """Close the event: only what became of its meetings may still be told. Closing it twice changes nothing.

    `closed` says what took place, as it was read for this command.
    """
    event = _existing(state)
    if event.status == "closed":
        return []
    _announced(event)
    return [closed]


def not_closed(event: BrokerageEvent) -> None:
    """Raise Refusal where the event is closed."""
    if event.status == "closed":
        raise Refusal(
            "event-closed", it="L'evento è chiuso: non si cambia più.", en="The event is closed: nothing about it changes."
        )


def answers_over(event: BrokerageEvent, now: datetime) -> bool:
    """Tell whether requests can be answered no more: their time is over, or the event."""
    until = event.requests_until
    return event.status == "closed" or (until is not None and until <= now)


def _told(state: BrokerageEvent, kind: type[AnyOccasion]) -> AnyOccasion:
    """Write the state back as the domain event that makes it."""
    document = to_document(state)
    return kind.model_validate({name: document[name] for name in kind.model_fields})


def _exists() -> Refusal:
    it = "Un altro evento ha già questo id: sceglierne un altro, o modificare la bozza con PUT."
    return Refusal("event-exists", it=it, en="Another event has this id already: choose another one, or edit the draft by PUT.")


def _announced(event: BrokerageEvent) -> None:
    if event.status == "draft":
        raise Refusal(
            "event-is-a-draft", it="L'evento è una bozza: prima annunciarlo.", en="The event is a draft: announce it first."
        )


def _not_running(event: BrokerageEvent) -> None:
    if event.status == "running":
        raise Refusal(
            "event-running", it="L'evento è in corso: l'iscrizione è chiusa.", en="The event is running: registration is over."
        )


def _existing(state: BrokerageEvent | None) -> BrokerageEvent:
    if state is None:
        raise NotFound("event-unknown", it="Non c'è nessun evento con questo id.", en="There is no brokerage event by this id.")
    return state
