"""An inconsistent problem is refused with the path of the wrong field."""

from collections.abc import Callable

import pytest

from services.events.scheduling import Meeting, Participant, Problem, ProblemError, Slot, Table

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
        ("meetings[0].fixed_slot", lambda: Problem(PEOPLE, (Meeting("m", ("a", "b"), fixed_slot=3),), SLOTS, 1)),
        ("meetings[0].predecessors[0]", lambda: Problem(PEOPLE, (Meeting("m", ("a", "b"), predecessors=("z",)),), SLOTS, 1)),
        ("meetings[0].predecessors[0]", lambda: Problem(PEOPLE, (Meeting("m", ("a", "b"), predecessors=("m",)),), SLOTS, 1)),
        ("special_tables[0].closed_slots", lambda: Problem(PEOPLE, (), SLOTS, 1, 2, (Table(1, closed_slots=frozenset({3})),))),
        ("participants[0].own_table", lambda: Problem((Participant("a", stationary=True),), (), SLOTS, 1)),
        (
            "participants[0].own_table",
            lambda: Problem((Participant("a", own_table=1),), (), SLOTS, 1, 2, (Table(1, virtual=True),)),
        ),
        ("participants[0].min_gap", lambda: Problem((Participant("a", min_gap=-1),), (), SLOTS, 1)),
    ],
)
def test_the_wrong_field_is_named(field: str, make: Callable[[], Problem]) -> None:
    with pytest.raises(ProblemError) as raised:
        make()
    assert raised.value.field == field


def test_restricted_to_some_meetings_precedences_with_others_are_gone() -> None:
    meetings = (MEETING, Meeting("first", ("a", "b")), Meeting("second", ("a", "b"), predecessors=("ab", "first")))
    restricted = Problem(PEOPLE, meetings, SLOTS, 1).restricted_to(["first", "second"])
    assert [meeting.id for meeting in restricted.meetings] == ["first", "second"]
    assert restricted.meetings[1].predecessors == ("first",)


def test_available_slots_are_those_of_all_participants_in_the_session() -> None:
    people = (Participant("a", frozenset({1})), Participant("b", frozenset({4})))
    meeting = Meeting("ab", ("a", "b"), session=2, closed_slots=frozenset({3}))
    slots = (Slot(1, 1), Slot(2, 1), Slot(3, 2), Slot(4, 2), Slot(5, 2))
    assert Problem(people, (meeting,), slots, 1).available_slots(meeting) == (5,)
