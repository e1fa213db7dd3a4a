"""Run constraints say of runs what trying every slot for every meeting says."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from pysat.solvers import Solver

from services.events.scheduling.sat.cnf import Formula
from services.events.scheduling.sat.run_constraints import add_run_constraints, feasible_runs

SLOTS = range(1, 7)

slots_of_meetings = st.lists(st.frozensets(st.sampled_from(SLOTS), min_size=1), min_size=1, max_size=4)


def busy_sets(choices: list[frozenset[int]]) -> set[frozenset[int]]:
    """The busy slots of a participant, for every way to place all of these meetings."""
    return {frozenset(slots) for slots in product(*choices) if len(set(slots)) == len(choices)}


def is_run(slots: frozenset[int]) -> bool:
    return max(slots) - min(slots) + 1 == len(slots)


@given(slots_of_meetings)
def test_feasible_runs_are_those_that_hold_all_meetings(choices: list[frozenset[int]]) -> None:
    assert {frozenset(run) for run in feasible_runs(choices)} == set(filter(is_run, busy_sets(choices)))


@given(slots_of_meetings)
def test_only_infeasible_runs_without_a_break_are_excluded(choices: list[frozenset[int]]) -> None:
    formula = Formula()
    busy = {slot: formula.new() for slot in SLOTS}
    has_break = formula.new()
    add_run_constraints(formula, choices, busy, has_break)
    with Solver(name="cadical195", bootstrap_with=formula.clauses) as solver:
        for pattern in product((False, True), repeat=len(SLOTS)):
            slots = frozenset(slot for slot, is_busy in zip(SLOTS, pattern, strict=True) if is_busy)
            literals = [busy[slot] if slot in slots else -busy[slot] for slot in SLOTS]
            assert solver.solve([*literals, has_break])
            assert solver.solve([*literals, -has_break]) == (slots in busy_sets(choices) and is_run(slots))


def test_a_hole_that_cannot_be_filled_is_a_certain_break() -> None:
    """Morning and afternoon, and away in the slot between: no search is needed."""
    formula = Formula()
    busy, has_break = {1: formula.new(), 3: formula.new()}, formula.new()
    add_run_constraints(formula, [[1], [3]], busy, has_break)
    assert [has_break] in formula.clauses
