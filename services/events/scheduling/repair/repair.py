"""Repairs a published schedule while the day goes on: what has begun stays, and as little else as possible changes."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from services.events.scheduling.explanations import why_unplaced
from services.events.scheduling.metrics import count_breaks
from services.events.scheduling.options import Patience
from services.events.scheduling.problem import Problem
from services.events.scheduling.repair.state import Attempt, Changes, Day
from services.events.scheduling.schedule import Placement, Unplaced

RINGS = 3
"""How often the meetings that may move are widened by those of the same people, before all may."""
COUNTING, FILLING = 0.1, 0.2
"""Of the time: for what counting can tell, and at the end for those that wait."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """A schedule of all meetings, and how it differs from the one that was published.

    `moved` have another slot, `reseated` only another table, `dropped` none any more, `added` had none; `people` have a
    meeting that moved or was dropped. `optimal`: nobody can place more of the meetings that were published or accepted, nor
    as many with fewer meetings moved or dropped; `bound` is the fewest that may be.
    """

    placements: tuple[Placement, ...]
    unplaced: tuple[Unplaced, ...]
    moved: tuple[str, ...]
    reseated: tuple[str, ...]
    dropped: tuple[str, ...]
    added: tuple[str, ...]
    people: tuple[str, ...]
    status: Literal["optimal", "feasible"]
    bound: int


def repair(
    problem: Problem,
    published: Sequence[Placement],
    now: int,
    changes: Changes,
    time_limit: float,
    label: Mapping[str, str] | None = None,
    progress: Callable[[Mapping[str, int], int], None] | None = None,
    cancel: threading.Event | None = None,
) -> Repaired:
    """Place again what lost its place. Slots before `now` have begun: their meetings stay, whoever is missing.

    First as many as possible of the meetings published or accepted, the must-meets before all; then the fewest moved or
    dropped, for the fewest people; then as many as possible of those on standby, and of those that had no place before, again
    the must-meets first: they take what is free, and nobody's place. The fairness cap is not kept: who does not come makes
    breaks nobody can help. `time_limit` is in seconds, for the search. `progress` hears of every better schedule by its slots
    and breaks, first of one that is found at once; where `cancel` is set, the best so far is the answer.
    """
    from services.events.scheduling.repair.neighbourhoods import filled, searched  # an idle service must not load the solvers

    day = Day(problem, published, now, changes)
    patience = Patience(time_limit, cancel)
    rings = Patience(time_limit * (1 - FILLING if day.waiting else 1), patience.cancel)
    slots = day.at_once()
    told = _tell(day, slots, None, progress)
    if day.cost(slots)[1] > day.least[1] and rings.left():
        day.count(rings.left(COUNTING))
    best = Attempt(slots, day.is_least(slots))
    free = wider = day.unsettled
    for ring in range(RINGS + 1):
        if best.proven or not rings.left():
            break
        attempt = searched(day, wider, best, rings)
        if attempt is None:
            break
        best, free = attempt, wider
        told = _tell(day, best.slots, told, progress)
        if free == day.required:
            break
        wider = day.required if ring + 1 == RINGS else day.widened(free, best.slots)
    if day.waiting - best.slots.keys() and patience.left():
        best = filled(day, free, best, patience)
        _tell(day, best.slots, told, progress)
    return _written(day, best, label or {})


def _tell(
    day: Day, slots: Mapping[str, int], told: tuple[int, ...] | None, progress: Callable[[Mapping[str, int], int], None] | None
) -> tuple[int, ...]:
    """Tell of these slots where they are better than what was told last; return what they cost."""
    cost = (*day.cost(slots), *day.left_waiting(slots))
    if progress is not None and (told is None or cost < told):
        progress(slots, count_breaks(day.problem, slots))
    return cost


def _written(day: Day, best: Attempt, label: Mapping[str, str]) -> Repaired:
    """Write the schedule and what changed."""
    seats = day.seated(best.slots)
    left_out = [one for one in day.asked.meetings if one.id not in seats]
    reasons = ((one.id, why_unplaced(day.asked, one, best.slots, best.proven, label, day.past)) for one in left_out)
    moved = {one for one, slot in day.future.items() if best.slots.get(one, slot) != slot}
    dropped = day.future.keys() - seats.keys()
    stayed = day.future.keys() - moved - dropped
    placements = (Placement(one, seat.slot, seat.table) for one, seat in seats.items())
    return Repaired(
        placements=tuple(sorted(placements, key=lambda placed: (placed.slot, placed.table))),
        unplaced=tuple(Unplaced(one, reason.it, reason.en) for one, reason in reasons),
        moved=tuple(sorted(moved)),
        reseated=tuple(sorted(one for one in stayed if seats[one].table != day.seats[one].table)),
        dropped=tuple(sorted(dropped)),
        added=tuple(sorted(seats.keys() - day.seats.keys())),
        people=tuple(sorted({who for one in day.asked.meetings if one.id in moved | dropped for who in one.participants})),
        status="optimal" if best.proven else "feasible",
        bound=day.cost(best.slots)[2] if best.proven else day.least[2],
    )
