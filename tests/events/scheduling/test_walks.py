"""Table changes come after meetings and breaks, and their bound is never more than exhaustive search finds."""

from dataclasses import replace

from hypothesis import HealthCheck, assume, event, given, settings

from services.events.scheduling import Problem, Schedule, Wish, check, solve
from tests.events.scheduling import brute, test_exact, test_rich

SECONDS = 60.0
SMALL = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def fewest(problem: Problem, answer: Schedule) -> int:
    """Over all schedules of the same meetings with as few breaks."""
    placed = {one.meeting_id for one in answer.placements}
    return min(
        brute.fewest_table_changes(problem, slots)
        for slots in brute.schedules(problem)
        if slots.keys() == placed and brute.breaks(problem, slots) == answer.breaks
    )


@SMALL
@given(test_exact.problems())
def test_the_fewest_table_changes_at_the_fewest_breaks(problem: Problem) -> None:
    problem = replace(problem, meetings=problem.meetings[:4])
    plain = solve(problem, SECONDS)
    answer = solve(problem, SECONDS, wish=Wish(walks=True))
    assume(isinstance(answer, Schedule))
    assert isinstance(answer, Schedule)
    assert isinstance(plain, Schedule)
    assert check(problem, answer).violations == ()
    assert (len(answer.placements), answer.breaks, answer.status) == (len(plain.placements), plain.breaks, plain.status)
    least = fewest(problem, answer)
    event(f"{answer.breaks} breaks, {answer.table_changes - least} too many, bound {least - answer.table_changes_bound} too low")
    assert answer.table_changes_bound <= least <= answer.table_changes
    if not answer.breaks:
        assert answer.table_changes_bound == least == answer.table_changes


@SMALL
@given(test_rich.problems())
def test_rules_and_idle_slots_come_before_table_changes(problem: Problem) -> None:
    problem = replace(problem, meetings=problem.meetings[:3])
    plain = solve(problem, SECONDS, wish=Wish(idle=True))
    answer = solve(problem, SECONDS, wish=Wish(idle=True, walks=True))
    assume(isinstance(answer, Schedule))
    assert isinstance(answer, Schedule)
    assert isinstance(plain, Schedule)
    assert check(problem, answer).violations == ()
    assert (len(answer.placements), answer.breaks, answer.idle) == (len(plain.placements), plain.breaks, plain.idle)
    assert answer.table_changes_bound <= answer.table_changes


@SMALL
@given(test_exact.problems())
def test_changes_against_the_published_slots_come_last(problem: Problem) -> None:
    problem = replace(problem, meetings=problem.meetings[:4])
    published = {one.id: 1 + index % len(problem.slots) for index, one in enumerate(problem.meetings)}
    answer = solve(problem, SECONDS, wish=Wish(walks=True, published=published))
    assume(isinstance(answer, Schedule) and not answer.breaks)
    assert isinstance(answer, Schedule)
    assert check(problem, answer).violations == ()
    placed = {one.meeting_id for one in answer.placements}
    least = min(
        sum(slots.get(one) != slot for one, slot in published.items())
        for slots in brute.schedules(problem)
        if slots.keys() == placed
        and not brute.breaks(problem, slots)
        and brute.fewest_table_changes(problem, slots) == answer.table_changes
    )
    assert (answer.changes, answer.changes_bound) == (least, least)
