"""The rules of a brokerage event's life: drafted, announced, registration opened and closed, started, closed."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from services.events.brokerage.rules.correction import NOTIFIED, Occupancy, check_correction
from services.events.brokerage.rules.distinct import check_distinct
from services.events.brokerage.rules.validation import check_occasion, check_to_come
from services.events.brokerage.state import BrokerageEvent
from shared.chassis.documents import to_document
from shared.chassis.errors import NotFound, Refusal, invalid
from shared.chassis.texts import text
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

MAX_NOTIFIED = 20000
"""Participants that a correction can notify: far more than any event has."""
AnyOccasion = TypeVar("AnyOccasion", bound=Occasion)


def draft(state: BrokerageEvent | None, drafted: BrokerageEventDrafted) -> Sequence[DomainEvent]:
    """Make a draft. A repetition changes nothing; another event of this id is refused, its managers edit it."""
    check_occasion(drafted)
    if state is None:
        return [drafted]
    if state.status == "draft" and _as_event(state, BrokerageEventDrafted) == drafted:
        return []
    raise Refusal("event-exists")


def edit_draft(state: BrokerageEvent | None, drafted: BrokerageEventDrafted) -> Sequence[DomainEvent]:
    """Replace a draft. An equal one changes nothing; an announced event is refused."""
    check_occasion(drafted)
    brokerage_event = _existing(state)
    if brokerage_event.status != "draft":
        raise Refusal("already-announced")
    return [] if _as_event(brokerage_event, BrokerageEventDrafted) == drafted else [drafted]


def announce(state: BrokerageEvent | None, announced: BrokerageEventAnnounced, now: datetime) -> Sequence[DomainEvent]:
    """Announce a brokerage event that is to come. A repetition changes nothing; another event of this id is refused."""
    check_occasion(announced)
    if state is None:
        check_to_come(announced, now)
        return [announced]
    if state.status != "draft" and _as_event(state, BrokerageEventAnnounced) == announced:
        return []
    raise Refusal("event-exists")


def announce_draft(state: BrokerageEvent | None, now: datetime) -> Sequence[DomainEvent]:
    """Announce a draft as it is, where it is to come. A repetition changes nothing."""
    brokerage_event = _existing(state)
    if brokerage_event.status != "draft":
        return []
    announced = _as_event(brokerage_event, BrokerageEventAnnounced)
    check_occasion(announced)
    check_to_come(announced, now)
    return [announced]


def correct(state: BrokerageEvent | None, corrected: Occasion, occupancy: Occupancy, now: datetime) -> Sequence[DomainEvent]:
    """Replace an event that is announced and not closed. An equal one changes nothing.

    Dates in the past may stay, none may be set. Participants are notified of what concerns all of them.
    """
    check_occasion(corrected)
    brokerage_event = _existing(state)
    _require_announced(brokerage_event)
    not_closed(brokerage_event)
    before = _as_event(brokerage_event, Occasion)
    check_correction(before, corrected, occupancy)
    fields = {name: getattr(corrected, name) for name in Occasion.model_fields}
    fields |= {"districts": before.districts, "modes": before.modes}
    changed = tuple(name for name, value in fields.items() if value != getattr(before, name))
    if not changed:
        return []
    check_to_come(corrected, now, before)
    concerned = NOTIFIED.intersection(changed) and not has_ended(corrected, now)
    participants = occupancy.members[:MAX_NOTIFIED] if concerned else ()
    return [BrokerageEventCorrected(**fields, changed=changed, participants=participants)]


def open_registration(state: BrokerageEvent | None, now: datetime) -> Sequence[DomainEvent]:
    """Open registration of an event that is not over, or reopen it. A repetition changes nothing."""
    brokerage_event = _existing(state)
    if brokerage_event.status == "registration-open":
        return []
    _require_announced(brokerage_event)
    not_closed(brokerage_event)
    _not_running(brokerage_event)
    not_ended(brokerage_event, now)
    return [RegistrationOpened(again=brokerage_event.status == "registration-closed")]


def close_registration(state: BrokerageEvent | None) -> Sequence[DomainEvent]:
    """Close registration. A repetition changes nothing."""
    brokerage_event = _existing(state)
    if brokerage_event.status == "registration-closed":
        return []
    not_closed(brokerage_event)
    _not_running(brokerage_event)
    if brokerage_event.status != "registration-open":
        raise Refusal("registration-not-open", message=text("registration-not-yet-open"))
    return [RegistrationClosed()]


def start(state: BrokerageEvent | None) -> Sequence[DomainEvent]:
    """Start the day, which closes registration. A repetition changes nothing."""
    brokerage_event = _existing(state)
    if brokerage_event.status == "running":
        return []
    _require_announced(brokerage_event)
    not_closed(brokerage_event)
    return [BrokerageEventStarted()]


def close_tables(state: BrokerageEvent | None, tables: Sequence[int]) -> Sequence[DomainEvent]:
    """Say which tables, all of them and each once, cannot be used from now on. The same ones change nothing."""
    brokerage_event = _existing(state)
    _require_announced(brokerage_event)
    not_closed(brokerage_event)
    for number, table in enumerate(tables):
        if not 1 <= table <= brokerage_event.tables:
            raise invalid(f"tables.{number}", "table", "field-tables", last=brokerage_event.tables)
    check_distinct("tables", "", tables)
    closed = tuple(sorted(tables))
    return [] if closed == brokerage_event.closed_tables else [TablesClosed(tables=closed)]


def close(state: BrokerageEvent | None, closed: BrokerageEventClosed) -> Sequence[DomainEvent]:
    """Close the event: afterwards only attendance and outcomes of its meetings are recorded. A repetition changes nothing.

    `closed` says what took place, as it was read for this command.
    """
    brokerage_event = _existing(state)
    if brokerage_event.status == "closed":
        return []
    _require_announced(brokerage_event)
    return [closed]


def not_closed(brokerage_event: BrokerageEvent) -> None:
    """Raise Refusal where the event is closed."""
    if brokerage_event.status == "closed":
        raise Refusal("event-closed")


def has_ended(occasion: BrokerageEvent | Occasion, now: datetime) -> bool:
    """Whether the last slot is over: nobody can come any more, and more slots may follow in a correction."""
    return occasion.slots[-1].ends <= now


def not_ended(brokerage_event: BrokerageEvent, now: datetime) -> None:
    """Raise Refusal where the last slot is over."""
    if has_ended(brokerage_event, now):
        raise Refusal("event-over")


def answers_over(brokerage_event: BrokerageEvent, now: datetime) -> bool:
    """Whether requests can no longer be answered: the deadline or the last slot has passed, or the event is closed."""
    until = brokerage_event.requests_until
    return brokerage_event.status == "closed" or (until is not None and until <= now) or has_ended(brokerage_event, now)


def _as_event(state: BrokerageEvent, kind: type[AnyOccasion]) -> AnyOccasion:
    """Write the state back as the domain event that makes it."""
    document = to_document(state)
    return kind.model_validate({name: document[name] for name in kind.model_fields})


def _require_announced(brokerage_event: BrokerageEvent) -> None:
    if brokerage_event.status == "draft":
        raise Refusal("event-is-a-draft")


def _not_running(brokerage_event: BrokerageEvent) -> None:
    if brokerage_event.status == "running":
        raise Refusal("event-running")


def _existing(state: BrokerageEvent | None) -> BrokerageEvent:
    if state is None:
        raise NotFound("event-unknown")
    return state
