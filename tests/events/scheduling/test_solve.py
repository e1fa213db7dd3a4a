"""The solver agrees with exhaustive search in small problems: placed meetings first, then breaks."""

from dataclasses import replace
from random import Random

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from services.events.scheduling import Infeasible, Meeting, Participant, Problem, Schedule, Slot, solve, verify
from tests.events.scheduling.brute_force import best
from tests.events.scheduling.problems import pair_problems
from tests.events.scheduling.sentences import english, italian

SECONDS = 60.0
SMALL = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SMALL
@given(pair_problems())
def test_as_many_meetings_as_possible_then_as_few_breaks(problem: Problem) -> None:
    expected = best(problem)
    schedule = solve(problem, SECONDS)
    event("infeasible" if expected is None else "all placed" if expected[0] == len(problem.meetings) else "left out")
    if expected is None:
        assert isinstance(schedule, Infeasible)
        assert schedule.reasons
        return
    assert isinstance(schedule, Schedule)
    assert verify(problem, schedule).violations == ()
    assert (len(schedule.placements), schedule.breaks) == expected
    assert (schedule.status, schedule.placed_bound, schedule.breaks_bound) == ("optimal", *expected)
    assert all(italian(unplaced.reason) and english(unplaced.reason) for unplaced in schedule.unplaced)


@SMALL
@given(pair_problems())
def test_all_meetings_or_no_schedule(problem: Problem) -> None:
    expected = best(problem, all_placed=True)
    schedule = solve(problem, SECONDS, all_placed=True)
    if expected is None:
        assert isinstance(schedule, Infeasible)
    else:
        assert isinstance(schedule, Schedule)
        assert verify(problem, schedule).violations == ()
        assert (len(schedule.placements), schedule.breaks) == expected


@settings(SMALL, max_examples=20)
@given(pair_problems(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(problem: Problem, random: Random) -> None:
    meetings, participants = list(problem.meetings), list(problem.participants)
    random.shuffle(meetings)
    random.shuffle(participants)
    shuffled = replace(problem, meetings=tuple(meetings), participants=tuple(participants))
    assert solve(shuffled, SECONDS) == solve(problem, SECONDS)


def test_fairness_raises_breaks_where_all_must_have_some() -> None:
    """Fixed meetings give two participants a break each; a third with none would be unfair at 0, one without meetings would not."""
    participants = (Participant("a", frozenset({2})), Participant("b", frozenset({2})), Participant("c"), Participant("d"))
    absent = Participant("e", frozenset({1, 2, 3}))
    meetings = (
        Meeting("ab", ("a", "b"), fixed_slot=1),
        Meeting("ac", ("a", "c"), fixed_slot=3),
        Meeting("bd", ("b", "d"), fixed_slot=3),
        Meeting("cd", ("c", "d")),
        Meeting("de", ("d", "e")),
    )
    problem = Problem((*participants, absent), meetings, tuple(Slot(number) for number in range(1, 4)), tables=4, fairness=0)
    schedule = solve(problem, SECONDS)
    assert isinstance(schedule, Schedule)
    assert {placement.meeting_id: placement.slot for placement in schedule.placements}["cd"] == 1
    assert schedule.breaks == 4
    looser = solve(replace(problem, fairness=1), SECONDS)
    assert isinstance(looser, Schedule)
    assert looser.breaks == 2


def test_slots_in_which_no_participant_is_free_are_breaks_too() -> None:
    """Two participants who can meet in the first and the last slot only have a break each, which is fair."""
    meetings = (Meeting("first", ("a", "b"), fixed_slot=1), Meeting("last", ("a", "b"), fixed_slot=3))
    problem = Problem((Participant("a"), Participant("b")), meetings, tuple(map(Slot, range(1, 4))), tables=1, fairness=0)
    schedule = solve(problem, SECONDS, all_placed=True)
    assert isinstance(schedule, Schedule)
    assert (schedule.status, schedule.breaks) == ("optimal", 2)
