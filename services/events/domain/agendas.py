"""The rules of an agenda: each version is published whole, and is free of double bookings."""

from collections.abc import Iterable, Sequence
from typing import Any, TypedDict

from services.events.domain.brokerage import Brokerage, not_closed
from services.events.domain.refusals import refused
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
    repaired: bool
    restores: int | None
    own_tables: list[dict[str, Any]]
    unmet: list[dict[str, Any]]
    appointments: list[dict[str, Any]]


def check_computable(event: Brokerage, accepted: int, published: bool) -> None:
    """Raise Refusal where there is nothing to compute: the event is closed, or no meeting is accepted and none ever was.

    Where an agenda is published and all its meetings are called off, an empty one takes its place.
    """
    not_closed(event)
    if not accepted and not published:
        it = "Nessun incontro è stato accettato: l'agenda sarebbe vuota."
        raise Refusal("no-accepted-meetings", it=it, en="No meeting has been accepted: the agenda would be empty.")


def publish(state: Agenda | None, agenda: AgendaPublished, event: Brokerage) -> Sequence[DomainEvent]:
    """Publish a version of the agenda. One computed from the same input as the newest changes nothing, unless it is better."""
    not_closed(event)
    if state is not None and state["input"] == agenda.input and not _is_better(agenda, state):
        return []
    _check_places(agenda.placements, len(event["slots"]), event["tables"])
    return [agenda]


def restore(state: Agenda | None, again: AgendaPublished, newest: Agenda, event: Brokerage) -> Sequence[DomainEvent]:
    """Publish an earlier version again; where it is what the newest one says already, nothing changes.

    Raises Refusal where another version was published since `newest` was read.
    """
    not_closed(event)
    if state is None or (state["input"], state["placements"]) != (newest["input"], newest["placements"]):
        it = "Intanto è stata pubblicata un'altra versione: riprovare."
        raise Refusal("version-published", it=it, en="Another version was published meanwhile: try again.")
    if [Placement.model_validate(one) for one in state["placements"]] == list(again.placements):
        return []
    _check_places(again.placements, len(event["slots"]), event["tables"])
    return [again]


def evolve(_state: Agenda | None, event: DomainEvent) -> Agenda:
    """Fold a domain event of an agenda: each is a whole version."""
    assert isinstance(event, AgendaPublished)
    return event.model_dump()  # type: ignore[return-value]


def claims(id: str, state: Agenda) -> Iterable[str]:
    """Claim each person and each table for each slot the newest version puts them in."""
    for placement in state["placements"]:
        people = placement["people"] or [*placement["members"], *placement["others"]]
        yield from place_claims(id, placement["slot"], placement["table"], people)


def place_claims(event: str, slot: int, table: int, people: Iterable[str]) -> Iterable[str]:
    """Name the claims of a meeting on its people and its table in a slot, of an agenda or of an appointment."""
    yield from (f"{event}:{slot}:person:{person}" for person in people)
    yield f"{event}:{slot}:table:{table}"


def taken(claim: str) -> Refusal:
    """Say of a place that was wanted who or what is not free in which slot, and what to do."""
    _, slot, what, which = claim.split(":", 3)
    if what == "table":
        it = f"Nello slot {slot} il tavolo {which} è occupato: sceglierne un altro, o un altro slot."
        en = f"Table {which} is taken in slot {slot}: choose another one, or another slot."
        return refused("table-taken", "table", it=it, en=en)
    it = f"{which} ha già un incontro nello slot {slot}: scegliere un altro slot o, se ne ha, un altro rappresentante."
    en = f"{which} has a meeting in slot {slot} already: choose another slot or, where it has one, another representative."
    return refused("person-booked", "slot", it=it, en=en)


def is_final(agenda: Agenda, repairing: bool) -> bool:
    """Tell whether no computation of the same input finds a better one.

    A repaired version is proven to change little, and not to have few breaks: only to another repair is it final.
    """
    return agenda["status"] == "optimal" and (repairing or not agenda["repaired"])


def _is_better(agenda: AgendaPublished, than: Agenda) -> bool:
    """Tell whether it places more meetings than one that is not final, or as many with fewer breaks."""
    before = -len(than["placements"]), than["breaks"]
    return not is_final(than, agenda.repaired) and (-len(agenda.placements), agenda.breaks) < before


def _check_places(placements: Sequence[Placement], slots: int, tables: int) -> None:
    """Claims keep two agendas apart; within one version a double booking would be the same claim twice."""
    taken: set[str] = set()
    for placement in placements:
        if placement.slot > slots or placement.table > tables:
            where = f"slot {placement.slot}, table {placement.table}"
            raise Refusal("no-such-place", it=f"Non esiste: {where}.", en=f"There is no such place: {where}.")
        people = placement.people or (*placement.members, *placement.others)
        wanted = list(place_claims("", placement.slot, placement.table, people))
        if len(set(wanted)) < len(wanted) or taken & set(wanted):
            it = f"Doppia prenotazione nello slot {placement.slot}."
            raise Refusal("double-booking", it=it, en=f"A double booking in slot {placement.slot}.")
        taken |= set(wanted)
