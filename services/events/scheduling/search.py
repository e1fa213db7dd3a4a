"""The order of the search: place as many meetings as possible, then leave as few breaks as possible."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from ortools.sat.python import cp_model

from services.events.scheduling.model import Model
from services.events.scheduling.problem import Problem

FOUND = (cp_model.OPTIMAL, cp_model.FEASIBLE)
SHARE = 0.6

# Nearly pure SAT: a linear relaxation costs more than it tells. Cores prove bounds but find nothing on the way to the
# optimum; bisection finds better and better schedules.
PLACE = {"linearization_level": 0, "symmetry_level": 0}
PROVE = {**PLACE, "optimize_with_core": True}
IMPROVE = {**PLACE, "binary_search_num_conflicts": 500}


@dataclass(frozen=True, slots=True)
class Found:
    """The best slots found, with what is proven: the most meetings placed, and the fewest breaks with this many."""

    slots: dict[str, int]
    placed_bound: int
    breaks: int
    bound: int


class Search:
    """One problem under one time limit in seconds."""

    def __init__(self, problem: Problem, time_limit: float, workers: int, seed: int) -> None:
        self._problem = problem
        self._deadline = time.monotonic() + time_limit
        self._workers = workers
        self._seed = seed

    def run(self, may_place_all: bool, must_place_all: bool) -> Found | None:
        """The best schedule; None when it is proven that there is none. Raises TimeoutError."""
        if may_place_all:
            model = Model(self._problem, place_all=True)
            solver, status = self._solve(model, 1.0 if must_place_all else SHARE, PLACE)
            if status in FOUND:
                return self._fewest_breaks(model.placed(solver), len(self._problem.meetings))
            if must_place_all:
                return _proven_none(status)
        return self._most_placed()

    def _most_placed(self) -> Found | None:
        total, bound = len(self._problem.meetings), 0
        for parameters in (PROVE, IMPROVE):
            model = Model(self._problem, place_all=False)
            model.minimise_out()
            solver, status = self._solve(model, SHARE, parameters)
            if status == cp_model.INFEASIBLE:
                break
            bound = max(bound, round(solver.best_objective_bound))
            if status in FOUND:
                return self._fewest_breaks(model.placed(solver), total - bound)
        return _proven_none(status)

    def _fewest_breaks(self, slots: dict[str, int], placed_bound: int) -> Found:
        """Prove the fewest breaks; if time runs short of a proof, improve what there is.

        Each search starts afresh: a hint at the slots at hand was measured to make it worse.
        """
        left_out = len(self._problem.meetings) - len(slots)
        bound, breaks = 0, count_breaks(self._problem, slots)
        for parameters, share in ((PROVE, SHARE), (IMPROVE, 1.0)):
            if bound == breaks:
                break
            model = Model(self._problem, place_all=left_out == 0)
            model.allow_out(left_out)
            model.minimise_breaks()
            solver, status = self._solve(model, share, parameters)
            bound = max(bound, round(solver.best_objective_bound))
            if status in FOUND and round(solver.objective_value) < breaks:
                slots = model.placed(solver)
                breaks = count_breaks(self._problem, slots)
        return Found(slots, placed_bound, breaks, bound)

    def _solve(
        self, model: Model, share: float, parameters: Mapping[str, int | bool]
    ) -> tuple[cp_model.CpSolver, cp_model.CpSolverStatus]:
        """Run on a share of the time that is left."""
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = self._workers
        solver.parameters.random_seed = self._seed
        solver.parameters.max_time_in_seconds = max(0.0, self._left() * share)
        for name, value in parameters.items():
            setattr(solver.parameters, name, value)
        return solver, solver.solve(model.cp)

    def _left(self) -> float:
        return self._deadline - time.monotonic()


def _proven_none(status: cp_model.CpSolverStatus) -> Found | None:
    if status != cp_model.INFEASIBLE:
        raise TimeoutError
    return None


def count_breaks(problem: Problem, slots: Mapping[str, int]) -> int:
    """The breaks of all participants: pairs of consecutive meetings with at least one idle slot between."""
    breaks = 0
    for meetings in problem.meetings_of.values():
        mine = sorted(slots[meeting.id] for meeting in meetings if meeting.id in slots)
        breaks += sum(after > before + 1 for before, after in pairwise(mine))
    return breaks
