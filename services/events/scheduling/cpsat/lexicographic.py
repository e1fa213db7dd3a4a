"""Lexicographic optimisation by CP-SAT: one objective after the other, each with those before it as limits."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from ortools.sat.python import cp_model

from services.events.scheduling.cpsat.model import ScheduleModel
from services.events.scheduling.deadline import Deadline
from services.events.scheduling.problem import Problem

# Nearly pure SAT: a linear relaxation costs more than it gains. Core-guided search proves bounds but finds no schedules on the way
# to the optimum; bisection finds better and better ones.
_PARAMETERS = {"linearization_level": 0, "symmetry_level": 0}
PROVE = {**_PARAMETERS, "optimize_with_core": True}
IMPROVE = {**_PARAMETERS, "binary_search_num_conflicts": 500}

FIRST_ATTEMPT_SHARE = 0.6
"""Share of the remaining time for the first of two attempts."""
CANCEL_INTERVAL = 0.2
"""Seconds between two looks at whether the search was cancelled."""


def _ignore(_slots: Mapping[str, int]) -> None:
    """The callback of a caller that wants no progress."""


@dataclass(frozen=True, slots=True)
class Objective:
    """A quantity to minimise: as an expression of a model, and counted in a schedule."""

    expression: Callable[[ScheduleModel], cp_model.LinearExprT]
    count: Callable[[Mapping[str, int]], int]


@dataclass(frozen=True, slots=True)
class ObjectiveLimit:
    """An objective optimised before: it must not exceed `maximum` any more."""

    objective: Objective
    maximum: int


@dataclass(frozen=True, slots=True)
class SolverRun:
    """The result of one run of the solver: `slots` is None where it found no schedule; no schedule is below `bound`."""

    slots: dict[str, int] | None
    bound: int
    infeasible: bool


@dataclass(frozen=True, slots=True)
class Optimum:
    """The best slots found for an objective, and its proven lower bound."""

    slots: Mapping[str, int]
    value: int
    bound: int


class LexicographicOptimizer:
    """Minimises objectives of one problem, with `workers` threads, until the deadline."""

    def __init__(
        self,
        problem: Problem,
        deadline: Deadline,
        workers: int,
        seed: int,
        on_improvement: Callable[[Mapping[str, int]], None] = _ignore,
    ) -> None:
        self._problem = problem
        self._deadline = deadline
        self._workers = workers
        self._seed = seed
        self._on_improvement = on_improvement

    def minimise(
        self,
        objective: Objective,
        limits: Sequence[ObjectiveLimit],
        slots: Mapping[str, int] | None,
        share: float = 1.0,
        bound: int = 0,
    ) -> Optimum | None:
        """Prove the minimum; if time runs short of a proof, improve `slots`. None where there is no schedule.

        `bound` is a known lower bound. Raises TimeoutError where no schedule is found.
        """
        for parameters, attempt_share in ((PROVE, FIRST_ATTEMPT_SHARE), (IMPROVE, 1.0)):
            if slots is not None and (objective.count(slots) == bound or not self._deadline.seconds_left()):
                break
            start = slots if parameters is IMPROVE else None
            # Without any schedule the last attempt gets all the time that is left.
            is_last_chance = slots is None and parameters is IMPROVE
            run = self._run(objective, limits, start, parameters, 1.0 if is_last_chance else attempt_share * share)
            if run.infeasible:
                return None
            bound = max(bound, run.bound)
            if run.slots is not None and (slots is None or objective.count(run.slots) < objective.count(slots)):
                slots = run.slots
                self._on_improvement(slots)
        if slots is None:
            raise TimeoutError
        return Optimum(slots, objective.count(slots), bound)

    def _run(
        self,
        objective: Objective,
        limits: Sequence[ObjectiveLimit],
        start: Mapping[str, int] | None,
        parameters: Mapping[str, int | bool],
        share: float,
    ) -> SolverRun:
        """Run the solver for this share of the time that is left."""
        model = ScheduleModel(self._problem, place_all=False)
        for limit in limits:
            model.cp.add(limit.objective.expression(model) <= limit.maximum)
        model.cp.minimize(objective.expression(model))
        if start is not None:
            model.hint(start)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = self._workers
        solver.parameters.random_seed = self._seed
        solver.parameters.max_time_in_seconds = self._deadline.seconds_left(share)
        for name, value in parameters.items():
            setattr(solver.parameters, name, value)
        with _cancelled_by(solver, self._deadline.cancel):
            status = solver.solve(model.cp)
        has_solution = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
        bound = 0 if status == cp_model.INFEASIBLE else max(0, round(solver.best_objective_bound))
        return SolverRun(model.slots(solver) if has_solution else None, bound, status == cp_model.INFEASIBLE)


@contextmanager
def _cancelled_by(solver: cp_model.CpSolver, cancel: threading.Event) -> Iterator[None]:
    """Stop the solver when `cancel` is set, from a thread: its own callbacks run only when it finds a solution."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(CANCEL_INTERVAL):
            if cancel.is_set():
                solver.stop_search()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
