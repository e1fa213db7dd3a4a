"""The fewest breaks by an incremental SAT solver: the bound is raised from below, the schedule improved from above."""

import time
from collections.abc import Callable, Mapping

from pysat.solvers import Solver

from services.events.scheduling.options import ProgressListener
from services.events.scheduling.sat.encoding import SatEncoding

ENGINE = "cadical195"
CONFIGURATION = {"stabilizeonly": 1}
"""Few restarts, with phases near the best so far. CaDiCaL's other mode, alternated by default, refutes no faster and finds nothing:
on the hardest real event none of five orders had a schedule at the optimum after 60,000 conflicts, all had with this."""
MIN_CONFLICTS, MAX_CONFLICTS = 500, 20_000
"""Conflicts of one run of the solver, between two looks at the clock. Each run repeats simplifications, so few are wasteful; many
take seconds on a hard problem, so there are fewer when time is short."""
MAX_RUN_SECONDS = 8.0
"""Intended seconds of one run: so long a cancelled search may go on."""
INITIAL_PACE = 1e8
"""Conflicts per second times clauses on a slow machine: an estimate until the first run is measured."""
INITIAL_PATIENCE = 60_000
"""Conflicts before the search changes sides for the first time."""
UNLIMITED = 10**9
LARGE_GAP = 40
"""The distance of value and bound from which, where a schedule comes first, it is too early to try the bound."""
INITIAL_COUNTER_SIZE = 16
"""Breaks that the counter distinguishes at first; it doubles where they turn out to be more."""


class SearchInterrupted(Exception):
    """The time is over, or the search was cancelled."""


class BoundSearch:
    """Minimises the breaks of one encoding on one core, while `seconds_left` is positive.

    `slots` is the best schedule so far, with `value` breaks as counted by `count_breaks`; no schedule has fewer than `bound`.
    `infeasible` is true once it is proven that there is no schedule.
    """

    def __init__(
        self,
        encoding: SatEncoding,
        count_breaks: Callable[[Mapping[str, int]], int],
        seconds_left: Callable[[], float],
        progress_listener: ProgressListener,
    ) -> None:
        self.slots: dict[str, int] | None = None
        self.value = 0
        self.bound = 0
        self.infeasible = False
        self._encoding = encoding
        self._count_breaks = count_breaks
        self._seconds_left = seconds_left
        self._progress_listener = progress_listener
        self._counts: list[int] = []
        self._conflicts_per_second = INITIAL_PACE / (1 + len(encoding.formula.clauses))
        self._solver = Solver(name=ENGINE)
        self._solver.configure(CONFIGURATION)

    def start_from(self, slots: Mapping[str, int], is_valid: bool) -> None:
        """Search near this schedule first; where it `is_valid`, it keeps the constraints and is the best so far."""
        if is_valid:
            self.slots, self.value = dict(slots), self._count_breaks(slots)
        self._solver.set_phases(
            [variable if slots.get(meeting) == slot else -variable for (meeting, slot), variable in self._encoding.in_slot.items()]
        )

    def run(self, schedule_first: bool = False) -> None:
        """Search from both sides in turn until they meet. Raises SearchInterrupted.

        From below first: where bounds are refuted easily, the first schedule found is the best. With `schedule_first`, any schedule
        comes first; each improvement aims half-way to the bound, and less far whenever that takes too long.
        """
        reach, patience = 0.5, INITIAL_PATIENCE
        if schedule_first and self.slots is None:
            self._solve([], UNLIMITED)
        while not self.infeasible and (self.slots is None or self.bound < self.value):
            is_far = schedule_first and self.value - self.bound > LARGE_GAP
            satisfiable = None if is_far else self._at_most(self.bound, patience)
            if satisfiable is None and self.slots is None:
                self._solve([], UNLIMITED)
            elif satisfiable is None:
                satisfiable = self._at_most(int(self.value - max(1, reach * (self.value - self.bound))), patience)
                reach = reach if satisfiable else reach / 2
                patience = patience if satisfiable else patience * 2

    def any_schedule(self) -> Mapping[str, int] | None:
        """Any schedule; None where there is none. Raises SearchInterrupted."""
        self._solve([], UNLIMITED)
        return self.slots

    def close(self) -> None:
        """Free the solver's memory."""
        self._solver.delete()

    def _at_most(self, breaks: int, patience: int) -> bool | None:
        """Search for a schedule with at most so many breaks; None where the conflicts of `patience` do not decide."""
        literals = self._encoding.breaks
        if breaks >= len(self._counts) < len(literals):
            self._counts = self._encoding.formula.count(literals, max(INITIAL_COUNTER_SIZE, 2 * breaks))
        assumptions = [-self._counts[breaks]] if breaks < len(self._counts) else []
        satisfiable = self._solve(assumptions, patience)
        if satisfiable is False and not self.infeasible:
            self.bound = breaks + 1
            self._solver.add_clause([self._counts[breaks]])
        return satisfiable

    def _solve(self, assumptions: list[int], patience: int) -> bool | None:
        """Whether there is a schedule under the assumptions, by runs of limited conflicts: CaDiCaL cannot be interrupted."""
        self._solver.append_formula(self._encoding.formula.clauses)
        self._encoding.formula.clauses = []
        satisfiable: bool | None = None
        while satisfiable is None and patience > 0:
            seconds = self._seconds_left()
            if seconds <= 0:
                raise SearchInterrupted
            affordable = int(min(seconds / 2, MAX_RUN_SECONDS) * self._conflicts_per_second)
            budget = min(MAX_CONFLICTS, patience, max(MIN_CONFLICTS, affordable))
            patience -= budget
            self._solver.conf_budget(budget)
            started, conflicts_before = time.monotonic(), self._solver.accum_stats()["conflicts"]
            satisfiable = self._solver.solve_limited(assumptions=assumptions)
            if satisfiable is None:
                conflicts = self._solver.accum_stats()["conflicts"] - conflicts_before
                self._conflicts_per_second = conflicts / max(0.001, time.monotonic() - started)
        if satisfiable:
            self._record(self._encoding.slots(self._solver.get_model()))
        elif satisfiable is False and not self._solver.get_core():
            self.infeasible = True
        return satisfiable

    def _record(self, slots: dict[str, int]) -> None:
        breaks = self._count_breaks(slots)
        if self.slots is None or breaks < self.value:
            self.slots, self.value = slots, breaks
            self._progress_listener(slots, breaks)
