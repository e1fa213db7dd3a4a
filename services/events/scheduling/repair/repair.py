"""Repair of a published schedule while the day goes on: what has begun stays, and as little else as possible changes."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from services.events.scheduling.deadline import Deadline
from services.events.scheduling.explanations import why_unplaced
from services.events.scheduling.metrics import count_breaks
from services.events.scheduling.options import ProgressListener, ignore_progress
from services.events.scheduling.problem import Problem
from services.events.scheduling.repair.state import Candidate, Disruption, RepairState
from services.events.scheduling.schedule import Placement, UnplacedMeeting

MAX_WIDENINGS = 3
"""How often the neighbourhood is widened by the meetings of the same participants, before it holds all meetings."""
COUNTING_SHARE, WAITING_SHARE = 0.1, 0.2
"""Shares of the time for the bound by counting, and at the end for waiting meetings."""


@dataclass(frozen=True, slots=True)
class RepairedSchedule:
    """A schedule of all meetings, and how it differs from the published one.

    `moved` meetings have another slot, `reseated` ones only another table, `dropped` ones none any more, `added` ones had none.
    `affected` participants have a meeting that moved or was dropped. `optimal`: no repair places more of the published and accepted
    meetings, nor as many with fewer meetings moved or dropped; `changes_bound` is the fewest possible.
    """

    placements: tuple[Placement, ...]
    unplaced: tuple[UnplacedMeeting, ...]
    moved: tuple[str, ...]
    reseated: tuple[str, ...]
    dropped: tuple[str, ...]
    added: tuple[str, ...]
    affected: tuple[str, ...]
    status: Literal["optimal", "feasible"]
    changes_bound: int


def repair(
    problem: Problem,
    published: Sequence[Placement],
    next_slot: int,
    disruption: Disruption,
    time_limit: float,
    names: Mapping[str, str] | None = None,
    progress_listener: ProgressListener = ignore_progress,
    cancel: threading.Event | None = None,
) -> RepairedSchedule:
    """Give meetings that lost their place another. Slots before `next_slot` have begun: their meetings stay, whoever is absent.

    Place as many published and accepted meetings as possible, mandatory ones before all; then with the fewest moved or dropped, of
    the fewest participants; then as many waiting meetings as possible, again mandatory ones first: they take what is free, and no
    other meeting's place. The fairness cap is not kept: absence makes breaks that no schedule avoids.

    `time_limit` is the time of the search in seconds. The first schedule is reported at once, then every better one; where `cancel`
    is set, the best so far is the answer.
    """
    # Loaded when needed: a service that does not solve must not load the solvers.
    from services.events.scheduling.repair.neighbourhoods import place_waiting, search_neighbourhood

    state = RepairState(problem, published, next_slot, disruption)
    deadline = Deadline(time_limit, cancel)
    required_deadline = Deadline(time_limit * (1 - WAITING_SHARE if state.waiting else 1), deadline.cancel)
    slots = state.immediate_repair()
    reporter = _Reporter(state, progress_listener)
    reporter.report(slots)
    if state.cost(slots)[1] > state.lower_bound[1] and required_deadline.seconds_left():
        state.raise_lower_bound(required_deadline.seconds_left(COUNTING_SHARE))
    best = Candidate(slots, state.is_proven_best(slots))
    free = wider = state.unsettled
    for widening in range(MAX_WIDENINGS + 1):
        if best.proven or not required_deadline.seconds_left():
            break
        candidate = search_neighbourhood(state, wider, best, required_deadline)
        if candidate is None:
            break
        best, free = candidate, wider
        reporter.report(best.slots)
        if free == state.required:
            break
        wider = state.required if widening + 1 == MAX_WIDENINGS else state.widen(free, best.slots)
    if state.waiting - best.slots.keys() and deadline.seconds_left():
        best = place_waiting(state, free, best, deadline)
        reporter.report(best.slots)
    return _repaired_schedule(state, best, names or {})


class _Reporter:
    """Reports the slots of a repair where they are better than those reported before."""

    def __init__(self, state: RepairState, progress_listener: ProgressListener) -> None:
        self._state = state
        self._progress_listener = progress_listener
        self._reported: tuple[int, ...] | None = None

    def report(self, slots: Mapping[str, int]) -> None:
        cost = (*self._state.cost(slots), *self._state.waiting_left_out(slots))
        if self._reported is None or cost < self._reported:
            self._progress_listener(slots, count_breaks(self._state.problem, slots))
        self._reported = cost


def _repaired_schedule(state: RepairState, best: Candidate, names: Mapping[str, str]) -> RepairedSchedule:
    """Assign tables, compare with the published schedule and give reasons."""
    positions = state.assign_positions(best.slots)
    unplaced = [meeting for meeting in state.disrupted.meetings if meeting.id not in positions]
    moved = {id for id, slot in state.future.items() if best.slots.get(id, slot) != slot}
    dropped = state.future.keys() - positions.keys()
    unchanged = state.future.keys() - moved - dropped
    changed = [meeting for meeting in state.disrupted.meetings if meeting.id in moved | dropped]
    placements = (Placement(id, position.slot, position.table) for id, position in positions.items())
    return RepairedSchedule(
        placements=tuple(sorted(placements, key=lambda placement: (placement.slot, placement.table))),
        unplaced=tuple(
            UnplacedMeeting(meeting.id, why_unplaced(state.disrupted, meeting, best.slots, best.proven, names, state.past))
            for meeting in unplaced
        ),
        moved=tuple(sorted(moved)),
        reseated=tuple(sorted(id for id in unchanged if positions[id].table != state.positions[id].table)),
        dropped=tuple(sorted(dropped)),
        added=tuple(sorted(positions.keys() - state.positions.keys())),
        affected=tuple(sorted({id for meeting in changed for id in meeting.participants})),
        status="optimal" if best.proven else "feasible",
        changes_bound=state.cost(best.slots)[2] if best.proven else state.lower_bound[2],
    )
