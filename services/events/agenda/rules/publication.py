"""The rules of an agenda: each version is published whole, and is free of double bookings."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from services.events.agenda.state import Agenda, Placement
from services.events.brokerage.rules.days import local_day
from services.events.brokerage.rules.lifecycle import not_closed
from services.events.brokerage.rules.place_claims import place_claims
from services.events.brokerage.state import BrokerageEvent
from shared.chassis.errors import Refusal
from shared.contracts.base import DomainEvent
from shared.contracts.events import AgendaPublished


def publish(state: Agenda | None, agenda: AgendaPublished, brokerage_event: BrokerageEvent) -> Sequence[DomainEvent]:
    """Publish a version of the agenda. One computed from the same input as the newest changes nothing, unless it is better."""
    not_closed(brokerage_event)
    if state is not None and state.input == agenda.input and not _is_better(agenda, state):
        return []
    _check_places(Agenda.from_event(agenda), brokerage_event)
    return [agenda]


def restore(
    state: Agenda | None, restored: AgendaPublished, newest: Agenda, brokerage_event: BrokerageEvent
) -> Sequence[DomainEvent]:
    """Publish an earlier version as a new one; where it is the same as the newest version, nothing changes.

    Raises Refusal where another version was published since `newest` was read.
    """
    not_closed(brokerage_event)
    if state is None or (state.input, state.placements) != (newest.input, newest.placements):
        raise Refusal("version-published")
    agenda = Agenda.from_event(restored)
    if agenda.placements == state.placements:
        return []
    _check_places(agenda, brokerage_event)
    return [restored]


def release_placement(
    state: Agenda | None, meeting_id: str, brokerage_event: BrokerageEvent, now: datetime
) -> Sequence[DomainEvent]:
    """Publish the newest version without a meeting that becomes an appointment, which frees its place at once.

    Nothing changes where it has no place there, or one that has begun.
    """
    coming = {slot.number for slot in brokerage_event.slots if slot.starts > now}
    placements = state.placements if state else ()
    remaining = tuple(placement for placement in placements if placement.meeting_id != meeting_id or placement.slot not in coming)
    if state is None or len(remaining) == len(placements):
        return []
    released = replace(
        state,
        # No input gives this one: whatever is computed next replaces it.
        input=f"appointed:{meeting_id}",
        appointed=(meeting_id,),
        placements=remaining,
        breaks=_breaks(remaining, brokerage_event),
        status="feasible",
        bound=0,
        repaired=True,
        restores=None,
    )
    return [AgendaPublished.model_validate(released, from_attributes=True)]


def is_final(agenda: Agenda, repairing: bool) -> bool:
    """Whether no computation of the same input finds a better one.

    A repaired version is proven to change little, not to have few breaks: it is final only for another repair.
    """
    return agenda.status == "optimal" and (repairing or not agenda.repaired)


def input_for(digest: str, minimise_gaps: bool) -> str:
    """Name the input of an agenda that was computed for more than the fewest breaks."""
    return f"minimise_gaps:{digest}" if minimise_gaps else digest


def _is_better(agenda: AgendaPublished, newest: Agenda) -> bool:
    """Whether it places more meetings than a newest version that is not final, or as many with fewer breaks."""
    before = -len(newest.placements), newest.breaks
    return not is_final(newest, agenda.repaired) and (-len(agenda.placements), agenda.breaks) < before


def _breaks(placements: Iterable[Placement], brokerage_event: BrokerageEvent) -> int:
    """Count the breaks of all people, as the solver does: idle slots between two meetings of one day."""
    day = {slot.number: local_day(brokerage_event, slot.starts) for slot in brokerage_event.slots}
    slots: dict[str, list[int]] = {}
    for placement in placements:
        for person in placement.seated:
            slots.setdefault(person, []).append(placement.slot)
    pairs = (pair for numbers in slots.values() for pair in pairwise(sorted(numbers)))
    return sum(after > before + 1 and day[before] == day[after] for before, after in pairs)


def _check_places(agenda: Agenda, brokerage_event: BrokerageEvent) -> None:
    """Raise Refusal for a place that does not exist, and for a double booking.

    Claims keep two agendas apart; within one version a double booking would be the same claim twice.
    """
    booked: set[str] = set()
    for placement in agenda.placements:
        if placement.slot > len(brokerage_event.slots) or placement.table > brokerage_event.tables:
            raise Refusal("no-such-place", slot=placement.slot, table=placement.table)
        claims = list(place_claims("", placement.slot, placement.table, placement.seated))
        if len(set(claims)) < len(claims) or booked & set(claims):
            raise Refusal("double-booking", slot=placement.slot)
        booked |= set(claims)
