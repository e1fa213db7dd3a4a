"""The rules of an agenda: each version is published whole, and is free of double bookings."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, TypedDict

from services.events.agenda.rules.place_claims import place_claims, seated
from services.events.brokerage.rules.days import local_day
from services.events.brokerage.rules.lifecycle import Brokerage, not_closed
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
    appointed: list[str]


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


def leave(state: Agenda | None, meeting: str, event: Brokerage, now: datetime) -> Sequence[DomainEvent]:
    """Publish the newest version without a meeting that becomes an appointment: its place is free at once.

    Nothing changes where it has no place there, or one that has begun.
    """
    coming = {slot["number"] for slot in event["slots"] if slot["starts"] > now}
    placements = state["placements"] if state else []
    rest = [one for one in placements if one["meeting_id"] != meeting or one["slot"] not in coming]
    if state is None or len(rest) == len(placements):
        return []
    # It is of no input: whatever is computed next takes its place.
    changes = {"input": f"appointed:{meeting}", "appointed": (meeting,), "placements": rest, "breaks": _breaks(rest, event)}
    proves = {"status": "feasible", "bound": 0, "repaired": True, "restores": None}
    return [AgendaPublished.model_validate({**state, **changes, **proves})]


def evolve(_state: Agenda | None, event: DomainEvent) -> Agenda:
    """Fold a domain event of an agenda: each is a whole version."""
    assert isinstance(event, AgendaPublished)
    return event.model_dump()  # type: ignore[return-value]


def claims(id: str, state: Agenda) -> Iterable[str]:
    """Claim each person and each table for each slot the newest version puts them in."""
    for placement in state["placements"]:
        yield from place_claims(id, placement["slot"], placement["table"], seated(placement))


def is_final(agenda: Agenda, repairing: bool) -> bool:
    """Tell whether no computation of the same input finds a better one.

    A repaired version is proven to change little, and not to have few breaks: only to another repair is it final.
    """
    return agenda["status"] == "optimal" and (repairing or not agenda["repaired"])


def _is_better(agenda: AgendaPublished, than: Agenda) -> bool:
    """Tell whether it places more meetings than one that is not final, or as many with fewer breaks."""
    before = -len(than["placements"]), than["breaks"]
    return not is_final(than, agenda.repaired) and (-len(agenda.placements), agenda.breaks) < before


def _breaks(placements: Iterable[Mapping[str, Any]], event: Brokerage) -> int:
    """Count the breaks of all people, as the computation of an agenda does: idle slots between two meetings of one day."""
    day = {slot["number"]: local_day(event, slot["starts"]) for slot in event["slots"]}
    slots: dict[str, list[int]] = {}
    for one in placements:
        for person in seated(one):
            slots.setdefault(person, []).append(one["slot"])
    pairs = (pair for mine in slots.values() for pair in pairwise(sorted(mine)))
    return sum(after > before + 1 and day[before] == day[after] for before, after in pairs)


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


def input_of(agenda: Mapping[str, Any]) -> str:
    """Name the input an agenda stands for: what it was computed from, or what was so when it was restored."""
    return str(agenda["input"]).rpartition(":")[2]


def input_for(digest: str, minimise_gaps: bool) -> str:
    """Name the input of an agenda that was asked for more than the fewest breaks."""
    return f"minimise_gaps:{digest}" if minimise_gaps else digest
