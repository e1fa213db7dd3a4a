"""One objective after the other by CP-SAT: each keeps what those before it have reached."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from ortools.sat.python import cp_model

from services.events.scheduling.cpsat.model import Model
from services.events.scheduling.options import Patience
from services.events.scheduling.problem import Problem

Objective = Callable[[Model], cp_model.LinearExprT]
Improved = Callable[[Mapping[str, int]], None]

# Nearly pure SAT: a linear relaxation costs more than it tells. Cores prove bounds but find nothing on the way to the
# optimum; bisection finds better and better schedules.
FEASIBLE = {"linearization_level": 0, "symmetry_level": 0}
PROVE = {**FEASIBLE, "optimize_with_core": True}
IMPROVE = {**FEASIBLE, "binary_search_num_conflicts": 500}

SHARE = 0.6
"""Of the time that is left: for the first of two attempts."""


def _nobody(_: Mapping[str, int]) -> None:
    """Hears of a better schedule."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be little: as an expression of a model, and counted in a schedule."""

    objective: Objective
    count: Callable[[Mapping[str, int]], int]


@dataclass(frozen=True, slots=True)
class Kept:
    """A goal that must not get worse than `most` any more."""

    goal: Goal
    most: int


@dataclass(frozen=True, slots=True)
class Stage:
    """What came of a stage. `slots` is None where it found no schedule; no schedule has less than `bound`.

    `infeasible`: it is proven that there is no schedule.
    """

    slots: dict[str, int] | None
    bound: int
    infeasible: bool


@dataclass(frozen=True, slots=True)
class Best:
    """The best slots of one objective, and the least it can be."""

    slots: Mapping[str, int]
    value: int
    bound: int


class Stages:
    """One problem on some cores."""

    def __init__(self, problem: Problem, patience: Patience, workers: int, seed: int, improved: Improved = _nobody) -> None:
        self._problem = problem
        self._patience = patience
        self._workers = workers
        self._seed = seed
        self._improved = improved

    def minimise(
        self,
        goal: Goal,
        kept: Sequence[Kept],
        start: Mapping[str, int] | None,
        parameters: Mapping[str, int | bool],
        share: float,
    ) -> Stage:
        """Search for this share of the time that is left."""
        model = Model(self._problem, place_all=False)
        for limit in kept:
            model.cp.add(limit.goal.objective(model) <= limit.most)
        model.cp.minimize(goal.objective(model))
        if start is not None:
            model.hint(start)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = self._workers
        solver.parameters.random_seed = self._seed
        solver.parameters.max_time_in_seconds = self._patience.left(share)
        for name, value in parameters.items():
            setattr(solver.parameters, name, value)
        with _cancelling(solver, self._patience.cancel):
            status = solver.solve(model.cp)
        found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
        bound = 0 if status == cp_model.INFEASIBLE else max(0, round(solver.best_objective_bound))
        return Stage(model.placed(solver) if found else None, bound, status == cp_model.INFEASIBLE)

    def least(
        self, goal: Goal, kept: Sequence[Kept], slots: Mapping[str, int] | None, share: float = 1.0, bound: int = 0
    ) -> Best | None:
        """Prove the least; if time runs short of a proof, improve what there is. None where there is no schedule.

        `bound` is what is proven already. Raises TimeoutError where none is found.
        """
        for parameters, part in ((PROVE, SHARE), (IMPROVE, 1.0)):
            if slots is not None and (goal.count(slots) == bound or not self._patience.left()):
                break
            start = slots if parameters is IMPROVE else None
            # Without any schedule the last attempt has all the time there is.
            mine = 1.0 if slots is None and parameters is IMPROVE else part * share
            stage = self.minimise(goal, kept, start, parameters, mine)
            if stage.infeasible:
                return None
            bound = max(bound, stage.bound)
            if stage.slots is not None and (slots is None or goal.count(stage.slots) < goal.count(slots)):
                slots = stage.slots
                self._improved(slots)
        if slots is None:
            raise TimeoutError
        return Best(slots, goal.count(slots), bound)


@contextmanager
def _cancelling(solver: cp_model.CpSolver, cancel: threading.Event) -> Iterator[None]:
    """Stop the solver when `cancel` is set, from a thread: it looks up by itself only when it has found something."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.2):
            if cancel.is_set():
                solver.stop_search()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
