"""The rules of an agenda: each version is published whole, and is free of double bookings."""

from collections.abc import Iterable, Sequence
from typing import Any, TypedDict

from services.events.domain.brokerage import Brokerage, not_closed
from shared.chassis.errors import Refusal
from shared.contracts.base import DomainEvent
from shared.contracts.events import AgendaPublished, Placement


class Agenda(TypedDict):
    event_id: str
    placements: list[dict[str, Any]]
    unplaced: list[dict[str, Any]]
    status: str
    breaks: int
    bound: int
    input: str


def check_computable(event: Brokerage, accepted: int) -> None:
    """Raise Refusal where there is nothing to compute: the event is closed, or no meeting is accepted."""
    not_closed(event)
    if not accepted:
        it = "Nessun incontro è stato accettato: l'agenda sarebbe vuota."
        raise Refusal("no-accepted-meetings", it=it, en="No meeting has been accepted: the agenda would be empty.")


def publish(state: Agenda | None, agenda: AgendaPublished, event: Brokerage) -> Sequence[DomainEvent]:
    """Publish a version of the agenda; one computed from the same input as the newest changes nothing."""
    not_closed(event)
    if state is not None and state["input"] == agenda.input:
        return []
    _check_places(agenda.placements, len(event["slots"]), event["tables"])
    return [agenda]


def evolve(_state: Agenda | None, event: DomainEvent) -> Agenda:
    """Fold a domain event of an agenda: each is a whole version."""
    assert isinstance(event, AgendaPublished)
    return event.model_dump()  # type: ignore[return-value]


def claims(id: str, state: Agenda) -> Iterable[str]:
    """Claim each person and each table for each slot the newest version puts them in."""
    for placement in state["placements"]:
        yield from _claims_of(id, placement["slot"], placement["table"], placement["members"])


def _claims_of(id: str, slot: int, table: int, members: Iterable[str]) -> Iterable[str]:
    yield from (f"{id}:{slot}:person:{member}" for member in members)
    yield f"{id}:{slot}:table:{table}"


def _check_places(placements: Sequence[Placement], slots: int, tables: int) -> None:
    """Claims keep two agendas apart; within one version a double booking would be the same claim twice."""
    taken: set[str] = set()
    for placement in placements:
        if placement.slot > slots or placement.table > tables:
            where = f"slot {placement.slot}, table {placement.table}"
            raise Refusal("no-such-place", it=f"Non esiste: {where}.", en=f"There is no such place: {where}.")
        wanted = list(_claims_of("", placement.slot, placement.table, placement.members))
        if len(set(wanted)) < len(wanted) or taken & set(wanted):
            it = f"Doppia prenotazione nello slot {placement.slot}."
            raise Refusal("double-booking", it=it, en=f"A double booking in slot {placement.slot}.")
        taken |= set(wanted)
