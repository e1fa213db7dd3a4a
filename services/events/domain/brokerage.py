"""The rules of a brokerage event: announced, registration opened and closed, closed."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final, Literal, TypedDict

from services.events.domain.refusals import invalid
from shared.chassis.errors import NotFound, Refusal
from shared.contracts.base import DomainEvent
from shared.contracts.events import (
    BrokerageEventAnnounced,
    BrokerageEventClosed,
    RegistrationClosed,
    RegistrationOpened,
    Slot,
)

Status = Literal["announced", "registration-open", "registration-closed", "closed"]


class Brokerage(TypedDict):
    title: dict[str, str]
    districts: list[str]
    modes: list[str]
    venue: str
    timezone: str
    slots: list[dict[str, Any]]
    tables: int
    fairness: int
    status: Status


def announce(state: Brokerage | None, announced: BrokerageEventAnnounced) -> Sequence[DomainEvent]:
    """Announce a brokerage event; the same one again is nothing new, another by its id is refused."""
    _check_modes(announced.modes)
    _check_slots(announced.slots)
    if state is None:
        return [announced]
    if _announced(state) == announced:
        return []
    raise Refusal("event-exists", it="Un altro evento ha già questo id.", en="Another brokerage event has this id already.")


def open_registration(state: Brokerage | None) -> Sequence[DomainEvent]:
    """Open registration, for the first time or again; opening what is open changes nothing."""
    event = _existing(state)
    if event["status"] == "registration-open":
        return []
    not_closed(event)
    return [RegistrationOpened()]


def close_registration(state: Brokerage | None) -> Sequence[DomainEvent]:
    """Close registration; closing it twice changes nothing."""
    event = _existing(state)
    if event["status"] == "registration-closed":
        return []
    not_closed(event)
    if event["status"] != "registration-open":
        raise Refusal("registration-not-open", it="L'iscrizione non è ancora aperta.", en="Registration is not open yet.")
    return [RegistrationClosed()]


def close(state: Brokerage | None) -> Sequence[DomainEvent]:
    """Close the event: from now on nothing about it changes. Closing it twice changes nothing."""
    return [] if _existing(state)["status"] == "closed" else [BrokerageEventClosed()]


def not_closed(event: Brokerage) -> None:
    """Raise Refusal where the event is closed."""
    if event["status"] == "closed":
        raise Refusal(
            "event-closed", it="L'evento è chiuso: non si cambia più.", en="The event is closed: nothing about it changes."
        )


def evolve(state: Brokerage | None, event: DomainEvent) -> Brokerage:
    """Fold a domain event of a brokerage event."""
    if isinstance(event, BrokerageEventAnnounced):
        return {**event.model_dump(), "status": "announced"}  # type: ignore[typeddict-item]
    assert state is not None, "a brokerage event begins with its announcement"
    return {**state, "status": _STATUS[type(event)]}


_STATUS: Final[dict[type[DomainEvent], Status]] = {
    RegistrationOpened: "registration-open",
    RegistrationClosed: "registration-closed",
    BrokerageEventClosed: "closed",
}


def _announced(state: Brokerage) -> BrokerageEventAnnounced:
    return BrokerageEventAnnounced.model_validate({name: state[name] for name in BrokerageEventAnnounced.model_fields})  # type: ignore[literal-required]


def _check_modes(modes: Sequence[str]) -> None:
    for number, mode in enumerate(modes):
        if mode in modes[:number]:
            raise invalid(f"modes.{number}", "unique", it=f"{mode} compare due volte", en=f"{mode} occurs twice")


def _check_slots(slots: Sequence[Slot]) -> None:
    """Slots are numbered from 1 without holes, in the order of time, and end after they start and before the next."""
    for index, slot in enumerate(slots):
        if slot.number != index + 1:
            wanted = index + 1
            raise invalid(
                f"slots.{index}.number", "consecutive", it=f"dev'essere {wanted}", en=f"must be {wanted}: numbers run from 1"
            )
        if slot.ends <= slot.starts:
            raise invalid(f"slots.{index}.ends", "after-start", it="dev'essere dopo l'inizio", en="must be after the start")
    for before, after in pairwise(slots):
        if after.starts < before.ends:
            field = f"slots.{after.number - 1}.starts"
            en = f"must not be before slot {before.number} ends"
            raise invalid(field, "overlap", it=f"non dev'essere prima della fine dello slot {before.number}", en=en)


def _existing(state: Brokerage | None) -> Brokerage:
    if state is None:
        raise NotFound("event-unknown", it="Non c'è nessun evento con questo id.", en="There is no brokerage event by this id.")
    return state
