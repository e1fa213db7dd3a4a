"""A schedule within seconds, which improves the longer it may take: for problems too large to begin with a proof."""

import random
from collections.abc import Callable, Collection, Mapping

from services.events.scheduling.bounds.breaks import IMPOSSIBLE, breaks_lower_bound, fewest_breaks_by_participant
from services.events.scheduling.heuristic.annealing import Annealing
from services.events.scheduling.heuristic.ejection_chains import Insertion
from services.events.scheduling.heuristic.incremental_schedule import UNFAIRNESS_COST, UNPLACED, IncrementalSchedule
from services.events.scheduling.problem import Problem

FIRST_ROUND_STEPS, MAX_ROUND_STEPS = 250_000, 4_000_000
"""Annealing steps of the first round, some seconds; each further round takes twice as many, up to the maximum."""
MAX_EJECTIONS = 2_000


class AnytimeHeuristic:
    """One schedule that improves over time. It keeps every hard constraint; fairness only once it `is_fair`.

    `selected` are the meetings to place first: those that may all fit.
    """

    def __init__(self, problem: Problem, selected: Collection[str], seed: int) -> None:
        self._problem = problem
        self._random = random.Random(seed)  # noqa: S311 - a search, not a secret
        by_participant = fewest_breaks_by_participant(problem)
        self._fewest_breaks = [
            0 if (fewest := by_participant[participant.id][-1]) == IMPOSSIBLE else fewest for participant in problem.participants
        ]
        fewest_of_busy = [
            fewest
            for participant, fewest in zip(problem.participants, self._fewest_breaks, strict=True)
            if problem.meetings_of[participant.id]
        ]
        most_possible = [len(meetings) - 1 for meetings in problem.meetings_of.values() if meetings]
        lowest = max(0, min(max(fewest_of_busy, default=0) - problem.fairness, min(most_possible, default=0)))
        self._schedule = IncrementalSchedule(problem, lowest)
        self._insertion = Insertion(self._schedule, self._random)
        self._selected = selected
        self._left_out = {index for index, meeting in enumerate(problem.meetings) if meeting.id in selected}

    def construct(self, start: Mapping[str, int], keep_going: Callable[[], bool]) -> bool:
        """Place the selected meetings, in their slots of `start` where possible; False where a fixed meeting found no place."""
        schedule, meetings, insertion = self._schedule, self._problem.meetings, self._insertion
        fixed = [index for index in self._left_out if meetings[index].fixed_slot is not None]
        self._left_out -= {index for index in fixed if insertion.insert_in(index, schedule.open_slots[index])}
        in_start = [index for index in sorted(self._left_out) if meetings[index].id in start]
        self._left_out -= {index for index in in_start if insertion.insert_in(index, [start[meetings[index].id] - 1])}
        self._left_out = set(insertion.insert_greedily(sorted(self._left_out)))
        self._left_out = set(
            insertion.insert_by_ejection(sorted(self._left_out), lambda step: step < MAX_EJECTIONS and keep_going())
        )
        if any(meetings[index].fixed_slot is not None for index in self._left_out):
            return False
        self._left_out = {index for index, slot in enumerate(schedule.slot_of) if slot == UNPLACED}
        return True

    def improve(self, keep_going: Callable[[], bool], on_improvement: Callable[[Mapping[str, int]], None]) -> None:
        """Reduce breaks, and place what has no place, until nothing better is possible or the time is over."""
        annealing = Annealing(self._schedule, self._fewest_breaks, self._random)
        steps, best = FIRST_ROUND_STEPS, (len(self._left_out) + 1, 0)
        while True:
            target = breaks_lower_bound(self._problem, self._schedule.slot_of.count(UNPLACED))
            annealing.run(steps, target, keep_going)
            self._left_out -= {
                index for index in self._by_urgency() if keep_going() and self._insertion.insert(index, below=UNFAIRNESS_COST)
            }
            annealing.restart()
            if self.is_fair and (cost := (len(self._left_out), self._schedule.total_cost())) < best:
                best = cost
                on_improvement(self._schedule.slots())
            if not keep_going() or (annealing.best_cost <= target and self.placed >= len(self._selected)):
                return
            steps = min(MAX_ROUND_STEPS, 2 * steps)

    def _by_urgency(self) -> list[int]:
        """The meetings without a place: mandatory ones, selected ones, the others."""
        meetings = self._problem.meetings
        return sorted(
            self._left_out, key=lambda index: (not meetings[index].mandatory, meetings[index].id not in self._selected, index)
        )

    @property
    def placed(self) -> int:
        """How many meetings have a slot."""
        return len(self._problem.meetings) - len(self._left_out)

    @property
    def is_fair(self) -> bool:
        """Whether the fairness cap holds."""
        breaks = [self._schedule.breaks(busy) for busy in self._schedule.busy if busy]
        return not breaks or max(breaks) - min(breaks) <= self._problem.fairness

    def make_fair(self) -> None:
        """Remove meetings of participants with too many breaks, one by one, mandatory ones last, until the fairness cap holds."""
        schedule, meetings = self._schedule, self._problem.meetings
        while not self.is_fair:
            participant = max(range(len(schedule.busy)), key=lambda id: schedule.breaks(schedule.busy[id]))
            removable = [
                index
                for index in schedule.meetings[participant]
                if schedule.slot_of[index] != UNPLACED and meetings[index].fixed_slot is None
            ]
            if not removable:
                return
            removed = min(removable, key=lambda index: (meetings[index].mandatory, self._cost_of_removal(index)))
            schedule.apply([(removed, UNPLACED)])
            self._left_out.add(removed)

    def slots(self) -> dict[str, int]:
        """The slots of the placed meetings."""
        return self._schedule.slots()

    def _cost_of_removal(self, meeting: int) -> int:
        schedule = self._schedule
        bit = schedule.bit[schedule.slot_of[meeting]]
        return sum(
            schedule.cost(schedule.busy[id] ^ bit) - schedule.cost(schedule.busy[id]) for id in schedule.participants[meeting]
        )
