"""A schedule within seconds, and a better one the longer it may take: for problems too large to begin with a proof."""

import random
from collections.abc import Callable, Collection, Mapping

from services.events.scheduling.bounds.breaks import NEVER, fewest_breaks, fewest_by_person
from services.events.scheduling.heuristic.annealing import Polish
from services.events.scheduling.heuristic.ejection_chains import Filling
from services.events.scheduling.heuristic.incremental_schedule import NOWHERE, UNFAIR, Grid
from services.events.scheduling.problem import Problem

FIRST = 250_000
"""Steps of the first round, some seconds; each further round takes twice as many, up to the most."""
MOST = 4_000_000

PUSHES = 2_000
"""How often one meeting may push out others."""


class Draft:
    """One schedule that gets better. It always keeps every hard rule, fairness included, once it is `fair`."""

    def __init__(self, problem: Problem, wanted: Collection[str], seed: int) -> None:
        self._problem = problem
        self._chance = random.Random(seed)  # noqa: S311 - a search, not a secret
        floors = fewest_by_person(problem)
        self._least = [0 if (least := floors[one.id][-1]) == NEVER else least for one in problem.participants]
        busy = [least for one, least in zip(problem.participants, self._least, strict=True) if problem.meetings_of[one.id]]
        can = [len(mine) - 1 for mine in problem.meetings_of.values() if mine]
        self._grid = Grid(problem, low=max(0, min(max(busy, default=0) - problem.fairness, min(can, default=0))))
        self._filling = Filling(self._grid, self._chance)
        self._wanted = wanted
        self._left = {index for index, one in enumerate(problem.meetings) if one.id in wanted}

    def begin(self, known: Mapping[str, int], goes_on: Callable[[], bool]) -> bool:
        """Place what is wanted, where it is `known` to be if that is possible; False where a fixed meeting found no place."""
        grid, meetings = self._grid, self._problem.meetings
        fixed = [one for one in self._left if meetings[one].fixed is not None]
        self._left -= {one for one in fixed if self._filling.put(one, grid.open[one])}
        told = [one for one in sorted(self._left) if meetings[one].id in known]
        self._left -= {one for one in told if self._filling.put(one, [known[meetings[one].id] - 1])}
        self._left = set(self._filling.greedily(sorted(self._left)))
        self._left = set(self._filling.pushing(sorted(self._left), lambda step: step < PUSHES and goes_on()))
        if any(meetings[one].fixed is not None for one in self._left):
            return False
        self._left = {one for one, slot in enumerate(grid.slot_of) if slot == NOWHERE}
        return True

    def improve(self, goes_on: Callable[[], bool], improved: Callable[[Mapping[str, int]], None]) -> None:
        """Look for fewer breaks, and for places for what has none, until nothing better is possible or the time is over."""
        polish = Polish(self._grid, self._least, self._chance)
        steps, told = FIRST, (len(self._left) + 1, 0)
        while True:
            target = fewest_breaks(self._problem, self._grid.slot_of.count(NOWHERE))
            polish.run(steps, target, goes_on)
            self._left -= {one for one in self._urgent() if goes_on() and self._filling.place(one, below=UNFAIR)}
            polish.settle()
            if self.is_fair and (state := (len(self._left), self._grid.total())) < told:
                told = state
                improved(self._grid.slots())
            if not goes_on() or (polish.best <= target and self.placed >= len(self._wanted)):
                return
            steps = min(MOST, 2 * steps)

    def _urgent(self) -> list[int]:
        """What has no place: the must-meets, what was wanted, the others."""
        meetings = self._problem.meetings
        return sorted(self._left, key=lambda one: (not meetings[one].must, meetings[one].id not in self._wanted, one))

    @property
    def placed(self) -> int:
        """How many meetings have a slot."""
        return len(self._problem.meetings) - len(self._left)

    @property
    def is_fair(self) -> bool:
        """Does the fairness cap hold?"""
        breaks = [self._grid.breaks(busy) for busy in self._grid.busy if busy]
        return not breaks or max(breaks) - min(breaks) <= self._problem.fairness

    def make_fair(self) -> None:
        """Take out meetings of whoever has too many breaks, one by one, must-meets last, until the fairness cap holds."""
        grid = self._grid
        while not self.is_fair:
            who = max(range(len(grid.busy)), key=lambda one: grid.breaks(grid.busy[one]))
            mine = [one for one in grid.meetings[who] if grid.slot_of[one] != NOWHERE and self._problem.meetings[one].fixed is None]
            if not mine:
                return
            one = min(mine, key=lambda each: (self._problem.meetings[each].must, self._cost_without(each)))
            grid.apply([(one, NOWHERE)])
            self._left.add(one)

    def slots(self) -> dict[str, int]:
        """The slots as they are."""
        return self._grid.slots()

    def _cost_without(self, meeting: int) -> int:
        grid = self._grid
        bit = grid.bit[grid.slot_of[meeting]]
        return sum(grid.cost(grid.busy[who] ^ bit) - grid.cost(grid.busy[who]) for who in grid.people[meeting])
