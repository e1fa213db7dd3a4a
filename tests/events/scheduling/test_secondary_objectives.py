"""Every objective in its order, in small problems with every kind of constraint: as exhaustive search finds them."""

from hypothesis import HealthCheck, event, given, settings

from services.events.scheduling import Infeasible, Problem, Schedule, SolverOptions, solve, verify
from tests.events.scheduling import brute_force
from tests.events.scheduling.problems import problems

SECONDS = 60.0
SMALL = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SMALL
@given(problems())
def test_every_objective_in_its_order(problem: Problem) -> None:
    published = {meeting.id: 1 + index % len(problem.slots) for index, meeting in enumerate(problem.meetings)}
    mandatory = {meeting.id for meeting in problem.meetings if meeting.mandatory}

    def cost(slots: dict[str, int]) -> tuple[int, ...]:
        changed = [meeting for meeting in problem.meetings if slots.get(meeting.id) != published[meeting.id]]
        affected = {id for meeting in changed for id in meeting.participants}
        counts = brute_force.breaks(problem, slots), brute_force.idle_slots(problem, slots)
        left_out = len(mandatory - slots.keys()), len(problem.meetings) - len(slots)
        return (*left_out, *counts, len(changed), len(affected))

    expected = min(map(cost, brute_force.schedules(problem)), default=None)
    schedule = solve(problem, SECONDS, options=SolverOptions(minimise_gaps=True, published=published))
    event("infeasible" if expected is None else f"{expected[1]} left out")
    if expected is None:
        assert isinstance(schedule, Infeasible)
        return
    assert isinstance(schedule, Schedule)
    assert verify(problem, schedule).violations == ()
    assert cost({placement.meeting_id: placement.slot for placement in schedule.placements}) == expected
    placed_bound = len(problem.meetings) - schedule.placed_bound
    bounds = placed_bound, schedule.breaks_bound, schedule.idle_slots_bound, schedule.changed_meetings_bound
    assert (schedule.status, *bounds) == ("optimal", *expected[1:5])
