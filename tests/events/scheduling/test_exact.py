"""Small problems: the solver agrees with exhaustive search, in every objective."""

from dataclasses import replace
from itertools import permutations
from random import Random

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from services.events.scheduling import Infeasible, Meeting, Participant, Problem, Schedule, Slot, solve, verify
from tests.events.scheduling.brute_force import best

SECONDS = 60.0
SMALL = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    slot_count = draw(st.integers(2, 5))
    count = draw(st.integers(2, 5))
    slots = tuple(Slot(number, 1 + (number > 2)) for number in range(1, slot_count + 1))
    numbers = st.integers(1, slot_count)
    people = tuple(
        Participant(f"p{index}", draw(st.frozensets(numbers, max_size=1 if draw(st.booleans()) else 0))) for index in range(count)
    )
    pairs = st.sampled_from(list(permutations(range(count), 2)))
    wanted = draw(st.lists(pairs, min_size=1, max_size=5))
    sessions = st.sampled_from([None, None, None, *sorted({slot.session for slot in slots})])
    rare = st.integers(0, 5).map(lambda number: number == 0)
    meetings = tuple(
        Meeting(
            id=f"m{index}",
            participants=(f"p{first}", f"p{second}"),
            session=draw(sessions),
            fixed_slot=draw(numbers) if draw(rare) else None,
            predecessors=(f"m{draw(st.integers(0, index - 1))}",) if index and draw(rare) else (),
        )
        for index, (first, second) in enumerate(wanted)
    )
    return Problem(people, meetings, slots, draw(st.integers(1, 3)), draw(st.integers(0, 2)))


@SMALL
@given(problems())
def test_as_many_meetings_as_possible_then_as_few_breaks(problem: Problem) -> None:
    expected = best(problem)
    answer = solve(problem, SECONDS)
    event("infeasible" if expected is None else "all placed" if expected[0] == len(problem.meetings) else "some left")
    if expected is None:
        assert isinstance(answer, Infeasible)
        assert answer.reasons
        return
    assert isinstance(answer, Schedule)
    assert verify(problem, answer).violations == ()
    assert (len(answer.placements), answer.breaks) == expected
    assert (answer.status, answer.placed_bound, answer.breaks_bound) == ("optimal", *expected)
    assert all(entry.reason.it and entry.reason.en for entry in answer.unplaced)


@SMALL
@given(problems())
def test_all_meetings_or_none(problem: Problem) -> None:
    expected = best(problem, all_placed=True)
    answer = solve(problem, SECONDS, all_placed=True)
    if expected is None:
        assert isinstance(answer, Infeasible)
    else:
        assert isinstance(answer, Schedule)
        assert verify(problem, answer).violations == ()
        assert (len(answer.placements), answer.breaks) == expected


@settings(SMALL, max_examples=20)
@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(problem: Problem, random: Random) -> None:
    meetings, people = list(problem.meetings), list(problem.participants)
    random.shuffle(meetings)
    random.shuffle(people)
    shuffled = replace(problem, meetings=tuple(meetings), participants=tuple(people))
    assert solve(shuffled, SECONDS) == solve(problem, SECONDS)


def test_fairness_raises_breaks_where_all_must_have_some() -> None:
    """Fixed meetings give two people a break each; a third with none would be unfair at 0, one who meets nobody not."""
    people = (Participant("a", frozenset({2})), Participant("b", frozenset({2})), Participant("c"), Participant("d"))
    absent = Participant("e", frozenset({1, 2, 3}))
    meetings = (
        Meeting("ab", ("a", "b"), fixed_slot=1),
        Meeting("ac", ("a", "c"), fixed_slot=3),
        Meeting("bd", ("b", "d"), fixed_slot=3),
        Meeting("cd", ("c", "d")),
        Meeting("de", ("d", "e")),
    )
    problem = Problem((*people, absent), meetings, tuple(Slot(number) for number in range(1, 4)), tables=4, fairness=0)
    answer = solve(problem, SECONDS)
    assert isinstance(answer, Schedule)
    assert {placement.meeting_id: placement.slot for placement in answer.placements}["cd"] == 1
    assert answer.breaks == 4
    looser = solve(replace(problem, fairness=1), SECONDS)
    assert isinstance(looser, Schedule)
    assert looser.breaks == 2


def test_slots_nobody_is_free_in_are_breaks_too() -> None:
    """Two people who can meet in the first and the last slot only have a break each, which is fair."""
    meetings = (Meeting("first", ("a", "b"), fixed_slot=1), Meeting("last", ("a", "b"), fixed_slot=3))
    problem = Problem((Participant("a"), Participant("b")), meetings, tuple(map(Slot, range(1, 4))), tables=1, fairness=0)
    answer = solve(problem, SECONDS, all_placed=True)
    assert isinstance(answer, Schedule)
    assert (answer.status, answer.breaks) == ("optimal", 2)
