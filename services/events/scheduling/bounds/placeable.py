"""The meetings that could all take place as far as counting shows: an upper bound, and a good choice where not all can."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ortools.sat.python import cp_model

from services.events.scheduling.problem import Problem
from services.events.scheduling.tables.eligibility import TableEligibility


@dataclass(frozen=True, slots=True)
class MeetingSelection:
    """No schedule that places as many mandatory meetings as `meetings` holds places more than `upper_bound` in all."""

    meetings: frozenset[str]
    upper_bound: int


def select_meetings(problem: Problem, time_limit: float) -> MeetingSelection | None:
    """Choose as many meetings as fit the free slots of all participants and the tables, within `time_limit` seconds.

    Mandatory meetings come first. None where not even the fixed ones fit. Raises TimeoutError.
    """
    model = cp_model.CpModel()
    eligibility = TableEligibility(problem)
    chosen = {meeting.id: model.new_bool_var(meeting.id) for meeting in problem.meetings}
    for meeting in problem.meetings:
        if meeting.fixed_slot is not None:
            model.add(chosen[meeting.id] == 1)
        elif not eligibility.slots(meeting):
            model.add(chosen[meeting.id] == 0)
    for ids, capacity in _capacity_limits(problem, eligibility):
        model.add(sum(chosen[id] for id in ids) <= capacity)
    mandatory = [chosen[meeting.id] for meeting in problem.meetings if meeting.mandatory]
    model.maximize(len(chosen) * sum(mandatory) + sum(chosen.values()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = time_limit
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return None
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise TimeoutError
    selected = frozenset(id for id, variable in chosen.items() if solver.boolean_value(variable))
    mandatory_weight = len(chosen) * sum(solver.boolean_value(variable) for variable in mandatory)
    return MeetingSelection(selected, min(len(chosen), round(solver.best_objective_bound) - mandatory_weight))


def _capacity_limits(problem: Problem, eligibility: TableEligibility) -> Iterator[tuple[Iterable[str], int]]:
    """Sets of meetings, each with the largest number of them that can take place."""
    for participant in problem.participants:
        free = {slot.number for slot in problem.slots} - participant.unavailable
        meetings = problem.meetings_of[participant.id]
        limit = participant.max_meetings
        yield [meeting.id for meeting in meetings], len(free) if limit is None else min(limit, len(free))
        for session in {meeting.session for meeting in meetings} - {None}:
            capacity = sum(slot.session == session for slot in problem.slots if slot.number in free)
            yield [meeting.id for meeting in meetings if meeting.session == session], capacity
    for pool in eligibility.pools():
        yield [meeting.id for meeting in pool.meetings], sum(pool.capacity.values())
