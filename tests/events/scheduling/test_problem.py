"""A problem that makes no sense is refused by the name of the field."""

from collections.abc import Callable

import pytest

from services.events.scheduling import Meeting, Participant, Problem, ProblemError, Slot, parse_dzn

PEOPLE = (Participant("a"), Participant("b"))
SLOTS = (Slot(1), Slot(2))
MEETING = Meeting("ab", ("a", "b"))


@pytest.mark.parametrize(
    ("field", "make"),
    [
        ("slots", lambda: Problem(PEOPLE, (), (), 1)),
        ("slots[1].number", lambda: Problem(PEOPLE, (), (Slot(1), Slot(3)), 1)),
        ("tables", lambda: Problem(PEOPLE, (), SLOTS, 0)),
        ("fairness", lambda: Problem(PEOPLE, (), SLOTS, 1, -1)),
        ("participants[1].id", lambda: Problem((PEOPLE[0], PEOPLE[0]), (), SLOTS, 1)),
        ("participants[0].unavailable", lambda: Problem((Participant("a", frozenset({3})),), (), SLOTS, 1)),
        ("meetings[1].id", lambda: Problem(PEOPLE, (MEETING, MEETING), SLOTS, 1)),
        ("meetings[0].participants[1]", lambda: Problem(PEOPLE, (Meeting("m", ("a", "z")),), SLOTS, 1)),
        ("meetings[0].participants", lambda: Problem(PEOPLE, (Meeting("m", ("a", "a")),), SLOTS, 1)),
        ("meetings[0].session", lambda: Problem(PEOPLE, (Meeting("m", ("a", "b"), session=2),), SLOTS, 1)),
        ("meetings[0].fixed", lambda: Problem(PEOPLE, (Meeting("m", ("a", "b"), fixed=3),), SLOTS, 1)),
        ("meetings[0].after[0]", lambda: Problem(PEOPLE, (Meeting("m", ("a", "b"), after=("z",)),), SLOTS, 1)),
        ("meetings[0].after[0]", lambda: Problem(PEOPLE, (Meeting("m", ("a", "b"), after=("m",)),), SLOTS, 1)),
        ("nTotalSlots", lambda: parse_dzn("nTables = 3;")),
    ],
)
def test_the_wrong_field_is_named(field: str, make: Callable[[], Problem]) -> None:
    with pytest.raises(ProblemError) as raised:
        make()
    assert raised.value.field == field


def test_the_benchmark_format() -> None:
    text = """
    nBusiness = 3; nMeetings = 2; nTables = 1; nTotalSlots = 4; nMorningSlots = 2;
    requested = [|1, 2,3,
    |3, 2,2,
    |];
    forbidden = [{0}, {0,4}, {1,2}];
    fixed = [0,3];
    precedences = [{}, {1}];
    """
    assert parse_dzn(text, fairness=1) == Problem(
        participants=(Participant("1"), Participant("2", frozenset({4})), Participant("3", frozenset({1, 2}))),
        meetings=(Meeting("1", ("1", "2")), Meeting("2", ("3", "2"), session=2, fixed=3, after=("1",))),
        slots=(Slot(1, 1), Slot(2, 1), Slot(3, 2), Slot(4, 2)),
        tables=1,
        fairness=1,
    )
