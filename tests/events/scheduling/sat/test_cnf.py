"""Formulas have exactly the models they are built for."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from pysat.solvers import Solver

from services.events.scheduling.sat.cnf import Formula

sizes = st.integers(1, 7)


def assignments(variables: list[int]) -> list[list[int]]:
    return [
        [sign * variable for sign, variable in zip(signs, variables, strict=True)]
        for signs in product((1, -1), repeat=len(variables))
    ]


@given(sizes)
def test_at_most_one(size: int) -> None:
    formula = Formula()
    variables = [formula.new() for _ in range(size)]
    formula.at_most_one(variables)
    with Solver(name="cadical195", bootstrap_with=formula.clauses) as solver:
        for literals in assignments(variables):
            assert solver.solve(literals) == (sum(literal > 0 for literal in literals) <= 1)


@given(sizes)
def test_any_of_and_all_of(size: int) -> None:
    formula = Formula()
    variables = [formula.new() for _ in range(size)]
    any_of, all_of = formula.any_of(variables), formula.all_of(variables)
    with Solver(name="cadical195", bootstrap_with=formula.clauses) as solver:
        for literals in assignments(variables):
            holds = [literal > 0 for literal in literals]
            assert solver.solve([*literals, any_of]) == any(holds)
            assert solver.solve([*literals, -any_of]) == (not any(holds))
            assert solver.solve([*literals, all_of]) == all(holds)
            assert solver.solve([*literals, -all_of]) == (not all(holds))


@given(sizes, st.integers(1, 8), st.booleans())
def test_a_totalizer_counts_up_to_its_size(literal_count: int, size: int, exact: bool) -> None:
    formula = Formula()
    variables = [formula.new() for _ in range(literal_count)]
    counts = formula.count(variables, size, exact)
    assert len(counts) == min(size, literal_count) or literal_count == 1
    with Solver(name="cadical195", bootstrap_with=formula.clauses) as solver:
        for literals in assignments(variables):
            true = sum(literal > 0 for literal in literals)
            for number, literal in enumerate(counts):
                assert solver.solve([*literals, -literal]) == (true <= number)
                if exact:
                    assert solver.solve([*literals, literal]) == (true > number)
