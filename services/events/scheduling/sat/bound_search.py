"""The fewest breaks by an incremental SAT solver: a bound raised from below, a schedule improved from above."""

import time
from collections.abc import Callable, Mapping

from pysat.solvers import Solver

from services.events.scheduling.sat.encoding import Timetable

ENGINE = "cadical195"
STEADY = {"stabilizeonly": 1}
"""Few restarts, and near the best so far. CaDiCaL's other mode, taken in turns by default, refutes no faster and finds nothing:
on the hardest real event none of five orders had a schedule at the optimum after 60,000 conflicts, all had with this."""
LEAST, BITE = 500, 20_000
"""Conflicts between two looks at the clock. With few the solver begins again too often; many take seconds on a hard problem,
so they get fewer when time is short."""
LONGEST = 8.0
"""Seconds between two looks at whether somebody asked to stop, about."""
PACE = 1e8
"""Conflicts a second times clauses on a slow machine: a guess until the first bite tells."""
PATIENCE = 60_000
"""Conflicts before the search changes sides for the first time."""
FOREVER = 10**9
FAR = 40
"""The distance from which, in a hurry, it is too early to ask for the bound."""
FEW = 16
"""What the counter tells apart at first; it doubles where they turn out to be more."""

Progress = Callable[[Mapping[str, int], int], None]


class Stopped(Exception):
    """The time is over, or somebody asked to stop."""


class Prover:
    """One timetable on one core, while `left` tells that there are seconds left.

    `slots` is the best schedule so far, of which `count` says `value`; no schedule has less than `bound`. `infeasible` is true
    once it is proven that there is no schedule.
    """

    def __init__(
        self,
        timetable: Timetable,
        count: Callable[[Mapping[str, int]], int],
        left: Callable[[], float],
        improved: Progress,
    ) -> None:
        self.slots: dict[str, int] | None = None
        self.value = 0
        self.bound = 0
        self.infeasible = False
        self._timetable = timetable
        self._count = count
        self._left = left
        self._improved = improved
        self._counts: list[int] = []
        self._pace = PACE / (1 + len(timetable.formula.clauses))
        self._solver = Solver(name=ENGINE)
        self._solver.configure(STEADY)

    def start_from(self, slots: Mapping[str, int], is_sound: bool) -> None:
        """Look near this schedule first; where it `is_sound`, it keeps the rules and is the best so far."""
        if is_sound:
            self.slots, self.value = dict(slots), self._count(slots)
        wanted = [(slots.get(meeting) == slot, variable) for (meeting, slot), variable in self._timetable.at.items()]
        self._solver.set_phases([variable if here else -variable for here, variable in wanted])

    def run(self, hurry: bool = False) -> None:
        """Search from both sides in turn until they meet. Raises Stopped.

        From below first: where bounds are refuted easily, the first schedule found is the best. In a `hurry`, any schedule
        first; each improvement aims half-way to the bound, and less far whenever that takes too long.
        """
        reach, patience = 0.5, PATIENCE
        if hurry and self.slots is None:
            self._ask([], FOREVER)
        while not self.infeasible and (self.slots is None or self.bound < self.value):
            is_far = hurry and self.value - self.bound > FAR
            answer = None if is_far else self._at_most(self.bound, patience)
            if answer is None and self.slots is None:
                self._ask([], FOREVER)
            elif answer is None:
                answer = self._at_most(int(self.value - max(1, reach * (self.value - self.bound))), patience)
                reach = reach if answer else reach / 2
                patience = patience if answer else patience * 2

    def first(self) -> Mapping[str, int] | None:
        """Any schedule; None where there is none. Raises Stopped."""
        self._ask([], FOREVER)
        return self.slots

    def close(self) -> None:
        """Free the solver's memory."""
        self._solver.delete()

    def _at_most(self, number: int, patience: int) -> bool | None:
        """Look for a schedule with so few; None where patience is at its end."""
        literals = self._timetable.breaks
        if number >= len(self._counts) < len(literals):
            self._counts = self._timetable.formula.count(literals, max(FEW, 2 * number))
        below = [-self._counts[number]] if number < len(self._counts) else []
        answer = self._ask(below, patience)
        if answer is False and not self.infeasible:
            self.bound = number + 1
            self._solver.add_clause([self._counts[number]])
        return answer

    def _ask(self, assumptions: list[int], patience: int) -> bool | None:
        self._solver.append_formula(self._timetable.formula.clauses)
        self._timetable.formula.clauses = []
        answer: bool | None = None
        while answer is None and patience > 0:
            seconds = self._left()
            if seconds <= 0:
                raise Stopped
            bite = min(BITE, patience, max(LEAST, int(min(seconds / 2, LONGEST) * self._pace)))
            patience -= bite
            self._solver.conf_budget(bite)
            began, done = time.monotonic(), self._solver.accum_stats()["conflicts"]
            answer = self._solver.solve_limited(assumptions=assumptions)
            if answer is None:
                self._pace = (self._solver.accum_stats()["conflicts"] - done) / max(0.001, time.monotonic() - began)
        if answer:
            self._take(self._timetable.placed(self._solver.get_model()))
        elif answer is False and not self._solver.get_core():
            self.infeasible = True
        return answer

    def _take(self, slots: dict[str, int]) -> None:
        value = self._count(slots)
        if self.slots is None or value < self.value:
            self.slots, self.value = slots, value
            self._improved(slots, value)
