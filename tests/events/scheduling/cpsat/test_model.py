"""The CP-SAT model admits exactly the schedules that exhaustive search does, and counts them the same."""

from collections.abc import Mapping

from hypothesis import HealthCheck, given, settings
from ortools.sat.python import cp_model

from services.events.scheduling import Problem
from services.events.scheduling.cpsat.model import ScheduleModel
from services.events.scheduling.metrics import count_affected_participants, count_changed_meetings
from tests.events.scheduling import brute_force
from tests.events.scheduling.problems import problems

SMALL = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def minimum(problem: Problem, slots: Mapping[str, int], published: Mapping[str, int]) -> tuple[int, ...] | None:
    """The values of all expressions where exactly these meetings are placed in these slots; None where that is infeasible."""
    model = ScheduleModel(problem, place_all=False)
    expressions = (
        model.left_out(),
        model.mandatory_left_out(),
        model.breaks(),
        model.idle_slots(),
        model.changed_meetings(published),
        model.affected_participants(published),
    )
    for (meeting, slot), variable in model._in_slot.items():
        model.cp.add(variable == (slots.get(meeting) == slot))
    model.cp.minimize(sum(expressions))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    if solver.solve(model.cp) == cp_model.INFEASIBLE:
        return None
    assert model.slots(solver) == slots
    return tuple(solver.value(expression) for expression in expressions)


@SMALL
@given(problems())
def test_every_expression_is_counted_as_by_exhaustive_search(problem: Problem) -> None:
    published = {meeting.id: 1 for meeting in problem.meetings}
    mandatory = {meeting.id for meeting in problem.meetings if meeting.mandatory}
    valid = list(brute_force.schedules(problem))
    for slots in valid[:4]:
        assert minimum(problem, slots, published) == (
            len(problem.meetings) - len(slots),
            len(mandatory - slots.keys()),
            brute_force.breaks(problem, slots),
            brute_force.idle_slots(problem, slots),
            count_changed_meetings(published, slots),
            count_affected_participants(problem, published, slots),
        )
    unfair = (slots for slots in brute_force.schedules(problem, fair=False) if slots not in valid)
    assert all(minimum(problem, slots, published) is None for _, slots in zip(range(3), unfair, strict=False))


@SMALL
@given(problems())
def test_where_all_must_be_placed_no_other_schedule_is_feasible(problem: Problem) -> None:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    model = ScheduleModel(problem, place_all=True)
    possible = next(brute_force.schedules(problem, all_placed=True), None)
    assert (solver.solve(model.cp) == cp_model.INFEASIBLE) == (possible is None)
