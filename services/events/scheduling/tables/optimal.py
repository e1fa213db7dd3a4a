"""The tables for given slots: by matching, and in a small hall by a solver where that may be better."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.events.scheduling.metrics import count_table_changes
from services.events.scheduling.problem import Problem
from services.events.scheduling.tables.assignment import assign_tables, fewest_table_changes_here
from services.events.scheduling.tables.eligibility import Places

HALL = 1_000
"""Meetings times slots times tables up to which a solver tells tables apart: beyond, it settles little within a minute."""
EFFORT = 1.0
"""What it may take, in the solver's own measure of time, which is the same on every machine."""


@dataclass(frozen=True, slots=True)
class Seating:
    """A table for each meeting that has a slot. No other tables for these slots have fewer changes than `bound`."""

    tables: Mapping[str, int]
    changes: int
    bound: int


def is_small_hall(problem: Problem) -> bool:
    """Can a solver tell all tables apart?"""
    return len(problem.meetings) * len(problem.slots) * problem.tables <= HALL


def seat(problem: Problem, slots: Mapping[str, int]) -> Seating:
    """Choose tables with few changes for these slots; the fewest, where the hall is small or `bound` says so."""
    tables = assign_tables(problem, slots)
    found = Seating(tables, count_table_changes(problem, slots, tables), fewest_table_changes_here(problem, slots))
    if found.changes == found.bound or not is_small_hall(problem):
        return found
    return _fewer(problem, slots, found)


def _fewer(problem: Problem, slots: Mapping[str, int], known: Seating) -> Seating:
    """Look for fewer changes than are known, until the effort is spent."""
    from ortools.sat.python import cp_model  # an idle service must not load it

    from services.events.scheduling.cpsat.table_model import Seats

    cp = cp_model.CpModel()
    here = cp.new_constant(1)
    seats = Seats(cp, problem, Places(problem), dict.fromkeys(slots.items(), here))
    cp.add(seats.steps() >= known.bound)
    cp.add(seats.steps() < known.changes)
    cp.minimize(seats.steps())
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = EFFORT
    status = solver.solve(cp)
    if status == cp_model.INFEASIBLE:
        return Seating(known.tables, known.changes, known.changes)
    bound = max(known.bound, round(solver.best_objective_bound))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Seating(known.tables, known.changes, bound)
    return Seating(seats.tables(solver), round(solver.objective_value), bound)
