"""The counted bound on breaks is never above what exhaustive search finds."""

from hypothesis import HealthCheck, given, settings

from services.events.scheduling import Meeting, Participant, Problem, Slot
from services.events.scheduling.bounds.breaks import IMPOSSIBLE, breaks_lower_bound, fewest_breaks_by_participant
from tests.events.scheduling import brute_force
from tests.events.scheduling.problems import problems

SMALL = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SMALL
@given(problems())
def test_no_schedule_has_fewer_breaks(problem: Problem) -> None:
    for slots in brute_force.schedules(problem):
        assert breaks_lower_bound(problem, len(problem.meetings) - len(slots)) <= brute_force.breaks(problem, slots)


def test_a_participant_free_in_every_second_slot_has_a_break_between_any_two_meetings() -> None:
    people = (Participant("a", frozenset({2, 4})), *map(Participant, "bcd"))
    meetings = tuple(Meeting(f"a{name}", ("a", name)) for name in "bcd")
    problem = Problem(people, meetings, tuple(map(Slot, range(1, 6))), 1)
    assert fewest_breaks_by_participant(problem)["a"] == (0, 0, 1, 2)
    assert [breaks_lower_bound(problem, left_out) for left_out in range(4)] == [2, 1, 0, 0]


def test_days_are_combined_and_limits_kept() -> None:
    people = (Participant("a", frozenset({2}), max_meetings=2), Participant("b"))
    meetings = tuple(Meeting(f"m{number}", ("a", "b")) for number in range(3))
    slots = (Slot(1), Slot(2), Slot(3), Slot(4, day=2))
    assert fewest_breaks_by_participant(Problem(people, meetings, slots, 1))["a"] == (0, 0, 0, IMPOSSIBLE)
