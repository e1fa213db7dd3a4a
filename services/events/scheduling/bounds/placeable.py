"""Which meetings could all take place as far as counting tells: a bound, and a good guess, where not all can."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ortools.sat.python import cp_model

from services.events.scheduling.problem import Problem
from services.events.scheduling.tables.eligibility import Places


@dataclass(frozen=True, slots=True)
class Selection:
    """No schedule places more meetings than `most`, where it places as many of those that must be as there are here."""

    meetings: frozenset[str]
    most: int


def select(problem: Problem, time_limit: float) -> Selection | None:
    """Choose as many meetings as fit into everybody's free slots and into the tables, in `time_limit` seconds.

    Those that must be placed come first. None where not even the fixed ones fit. Raises TimeoutError.
    """
    model = cp_model.CpModel()
    places = Places(problem)
    chosen = {meeting.id: model.new_bool_var(meeting.id) for meeting in problem.meetings}
    for meeting in problem.meetings:
        if meeting.fixed is not None:
            model.add(chosen[meeting.id] == 1)
        elif not places.slots(meeting):
            model.add(chosen[meeting.id] == 0)
    for ids, room in _limits(problem, places):
        model.add(sum(chosen[id] for id in ids) <= room)
    musts = [chosen[meeting.id] for meeting in problem.meetings if meeting.must]
    model.maximize(len(chosen) * sum(musts) + sum(chosen.values()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = time_limit
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return None
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise TimeoutError
    picked = frozenset(id for id, variable in chosen.items() if solver.boolean_value(variable))
    most = round(solver.best_objective_bound) - len(chosen) * sum(solver.boolean_value(must) for must in musts)
    return Selection(picked, min(len(chosen), most))


def _limits(problem: Problem, places: Places) -> Iterator[tuple[Iterable[str], int]]:
    """Meetings of which only so many can take place."""
    for person in problem.participants:
        free = {slot.number for slot in problem.slots} - person.unavailable
        meetings = problem.meetings_of[person.id]
        yield [one.id for one in meetings], len(free) if person.most is None else min(person.most, len(free))
        for session in {one.session for one in meetings} - {None}:
            room = sum(slot.session == session for slot in problem.slots if slot.number in free)
            yield [one.id for one in meetings if one.session == session], room
    for pool in places.pools():
        yield [one.id for one in pool.meetings], sum(pool.room.values())
