"""The rules of an agenda: each version is published whole, and is free of double bookings."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from services.events.agenda.rules.place_claims import place_claims
from services.events.agenda.state import Agenda, Placement, agenda_of, event_of
from services.events.brokerage.rules.days import local_day
from services.events.brokerage.rules.lifecycle import not_closed
from services.events.brokerage.state import BrokerageEvent
from shared.chassis.errors import Refusal
from shared.contracts.base import DomainEvent
from shared.contracts.events import AgendaPublished


def publish(state: Agenda | None, published: AgendaPublished, event: BrokerageEvent) -> Sequence[DomainEvent]:
    """Publish a version of the agenda. One computed from the same input as the newest changes nothing, unless it is better."""
    not_closed(event)
    agenda = agenda_of(published)
    if state is not None and state.input == agenda.input and not _is_better(agenda, state):
        return []
    _check_places(agenda.placements, len(event.slots), event.tables)
    return [published]


def restore(state: Agenda | None, restored: AgendaPublished, newest: Agenda, event: BrokerageEvent) -> Sequence[DomainEvent]:
    """Publish an earlier version as a new one; where the newest has the same placements, nothing changes.

    Raises Refusal where another version was published since `newest` was read.
    """
    not_closed(event)
    if state is None or (state.input, state.placements) != (newest.input, newest.placements):
        raise Refusal("version-published")
    agenda = agenda_of(restored)
    if state.placements == agenda.placements:
        return []
    _check_places(agenda.placements, len(event.slots), event.tables)
    return [restored]


def leave(state: Agenda | None, meeting: str, event: BrokerageEvent, now: datetime) -> Sequence[DomainEvent]:
    """Publish the newest version without a meeting that becomes an appointment: its place is free at once.

    Nothing changes where it has no place there, or one that has begun.
    """
    coming = {slot.number for slot in event.slots if slot.starts > now}
    placements = state.placements if state else ()
    rest = tuple(placement for placement in placements if placement.meeting_id != meeting or placement.slot not in coming)
    if state is None or len(rest) == len(placements):
        return []
    # It is of no input: whatever is computed next takes its place.
    agenda = replace(state, input=f"appointed:{meeting}", appointed=(meeting,), placements=rest, breaks=_breaks(rest, event))
    return [event_of(replace(agenda, status="feasible", bound=0, repaired=True, restores=None))]


def evolve(_state: Agenda | None, event: DomainEvent) -> Agenda:
    """Fold a domain event of an agenda: each is a whole version."""
    assert isinstance(event, AgendaPublished)
    return agenda_of(event)


def claims(id: str, state: Agenda) -> Iterable[str]:
    """Claim each person and each table for each slot the newest version puts them in."""
    for placement in state.placements:
        yield from place_claims(id, placement.slot, placement.table, placement.seated)


def is_final(agenda: Agenda, repairing: bool) -> bool:
    """Tell whether no computation of the same input finds a better one.

    A repaired version is proven to change little, and not to have few breaks: only to another repair is it final.
    """
    return agenda.status == "optimal" and (repairing or not agenda.repaired)


def _is_better(agenda: Agenda, newest: Agenda) -> bool:
    """Tell whether it places more meetings than one that is not final, or as many with fewer breaks."""
    return not is_final(newest, agenda.repaired) and _cost(agenda) < _cost(newest)


def _cost(agenda: Agenda) -> tuple[int, int]:
    return -len(agenda.placements), agenda.breaks


def _breaks(placements: Iterable[Placement], event: BrokerageEvent) -> int:
    """Count the breaks of all people, as the computation of an agenda does: idle slots between two meetings of one day."""
    day = {slot.number: local_day(event, slot.starts) for slot in event.slots}
    slots: dict[str, list[int]] = {}
    for placement in placements:
        for person in placement.seated:
            slots.setdefault(person, []).append(placement.slot)
    pairs = (pair for busy in slots.values() for pair in pairwise(sorted(busy)))
    return sum(after > before + 1 and day[before] == day[after] for before, after in pairs)


def _check_places(placements: Sequence[Placement], slots: int, tables: int) -> None:
    """Claims keep two agendas apart; within one version a double booking would be the same claim twice."""
    taken: set[str] = set()
    for placement in placements:
        if placement.slot > slots or placement.table > tables:
            raise Refusal("no-such-place", slot=placement.slot, table=placement.table)
        claims = list(place_claims("", placement.slot, placement.table, placement.seated))
        if len(set(claims)) < len(claims) or taken & set(claims):
            raise Refusal("double-booking", slot=placement.slot)
        taken |= set(claims)


def input_of(input: str) -> str:
    """Name what an agenda stands for, from its `input`: what it was computed from, or what was agreed when it was restored."""
    return input.rpartition(":")[2]


def input_for(digest: str, minimise_gaps: bool) -> str:
    """Name the input of an agenda that was asked for more than the fewest breaks."""
    return f"minimise_gaps:{digest}" if minimise_gaps else digest
