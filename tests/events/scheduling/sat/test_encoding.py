"""The formula has exactly the schedules that exhaustive search has, with their breaks."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pysat.solvers import Solver

from services.events.scheduling import Problem
from services.events.scheduling.sat import encoding
from services.events.scheduling.sat.encoding import SatEncoding
from tests.events.scheduling import brute_force
from tests.events.scheduling.problems import pair_problems, problems

SMALL = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def encoded_schedules(problem: Problem, left_out: int) -> dict[frozenset[tuple[str, int]], int]:
    """Every schedule of the formula, with the breaks that its literals count."""
    formula = SatEncoding(problem, left_out, left_out)
    breaks_of = {}
    with Solver(name="cadical153", bootstrap_with=formula.formula.clauses) as solver:
        while solver.solve():
            slots = formula.slots(solver.get_model())
            literals = [variable if slots.get(id) == slot else -variable for (id, slot), variable in formula.in_slot.items()]
            forced = [literal for literal in formula.breaks if not solver.solve([*literals, -literal])]
            breaks_of[frozenset(slots.items())] = len(forced)
            solver.add_clause([-literal for literal in literals])
    return breaks_of


def expected_schedules(problem: Problem, left_out: int) -> dict[frozenset[tuple[str, int]], int]:
    least = len(problem.meetings) - left_out
    schedules = (slots for slots in brute_force.schedules(problem) if len(slots) >= least)
    return {frozenset(slots.items()): brute_force.breaks(problem, slots) for slots in schedules}


@SMALL
@given(st.one_of(problems(), pair_problems()), st.integers(0, 1))
def test_every_schedule_and_no_other(problem: Problem, left_out: int) -> None:
    assert encoded_schedules(problem, left_out) == expected_schedules(problem, left_out)


@SMALL
@given(pair_problems())
def test_without_implied_constraints_it_is_the_same(problem: Problem) -> None:
    largest, encoding.MAX_SMALL_SIZE = encoding.MAX_SMALL_SIZE, 0
    try:
        assert encoded_schedules(problem, 0) == expected_schedules(problem, 0)
    finally:
        encoding.MAX_SMALL_SIZE = largest
