"""Meetings that cannot be scheduled are explained, in Italian and in English."""

from dataclasses import replace

import pytest

from services.events.scheduling import (
    Infeasible,
    Meeting,
    NoScheduleInTime,
    Participant,
    Problem,
    Schedule,
    Slot,
    Table,
    solve,
    verify,
)
from tests.events.scheduling.sentences import english, italian

SECONDS = 60.0


def problem(meetings: list[Meeting], slots: int, tables: int = 9, absent: dict[str, set[int]] | None = None) -> Problem:
    ids = sorted({id for meeting in meetings for id in meeting.participants})
    people = tuple(Participant(id, frozenset((absent or {}).get(id, ()))) for id in ids)
    times = tuple(Slot(number, 1 + number // 4) for number in range(1, slots + 1))
    return Problem(people, tuple(meetings), times, tables)


def star(count: int) -> list[Meeting]:
    return [Meeting(f"m{index}", ("rossi", f"g{index}")) for index in range(count)]


def test_more_meetings_than_free_slots() -> None:
    crowded = problem(star(4), slots=4, absent={"rossi": {2}})
    answer = solve(crowded, SECONDS, names={"rossi": "Rossi Srl"})
    assert isinstance(answer, Schedule)
    assert verify(crowded, answer).violations == ()
    assert (len(answer.placements), answer.status) == (3, "optimal")
    (unplaced,) = answer.unplaced
    assert italian(unplaced.reason) == "Rossi Srl ha 4 incontri accettati e 3 slot liberi."
    assert english(unplaced.reason) == "Rossi Srl has 4 accepted meetings and 3 free slots."


def test_all_or_nothing_names_the_shortage() -> None:
    answer = solve(problem(star(2), slots=1), SECONDS, all_placed=True)
    assert isinstance(answer, Infeasible)
    assert [italian(reason) for reason in answer.reasons] == ["rossi ha 2 incontri accettati e 1 slot libero."]


def test_no_slot_in_common() -> None:
    answer = solve(problem(star(1), slots=2, absent={"rossi": {1}, "g0": {2}}), SECONDS)
    assert isinstance(answer, Schedule)
    assert english(answer.unplaced[0].reason) == "g0 and rossi have no free slot in common."


def test_too_few_tables() -> None:
    meetings = [Meeting(f"m{index}", (f"a{index}", f"b{index}")) for index in range(3)]
    answer = solve(problem(meetings, slots=2, tables=1), SECONDS)
    assert isinstance(answer, Schedule)
    assert [english(unplaced.reason) for unplaced in answer.unplaced] == [
        "There are 3 accepted meetings and 2 places (slots 2, tables 1)."
    ]


def test_closed_tables_are_no_places() -> None:
    meetings = [Meeting(f"m{index}", (f"a{index}", f"b{index}")) for index in range(5)]
    closed = tuple(Table(number, closed_slots=frozenset({1, 2})) for number in (2, 3))
    answer = solve(replace(problem(meetings, slots=2, tables=3), special_tables=closed), SECONDS)
    assert isinstance(answer, Schedule)
    reason = "There are 5 accepted meetings and 2 places (slots 2, tables 3, closed or taken 4)."
    assert [english(unplaced.reason) for unplaced in answer.unplaced] == [reason] * 3


def test_a_triangle_needs_three_slots() -> None:
    meetings = [Meeting("ab", ("a", "b")), Meeting("bc", ("b", "c")), Meeting("ac", ("a", "c"))]
    answer = solve(problem(meetings, slots=2), SECONDS)
    assert isinstance(answer, Schedule)
    assert len(answer.placements) == 2
    assert "is in another meeting or no table that fits is left" in english(answer.unplaced[0].reason)


def test_an_order_that_cannot_be_kept() -> None:
    meetings = [Meeting("ab", ("a", "b")), Meeting("cd", ("c", "d"), predecessors=("ab",))]
    answer = solve(problem(meetings, slots=1), SECONDS)
    assert isinstance(answer, Schedule)
    assert len(answer.placements) == 1
    assert "would break the order" in english(answer.unplaced[0].reason)


@pytest.mark.parametrize(
    ("meetings", "absent", "sentence"),
    [
        (
            [Meeting("ab", ("a", "b"), fixed_slot=1), Meeting("ac", ("a", "c"), fixed_slot=1)],
            {},
            "a has 2 meetings fixed in slot 1.",
        ),
        ([Meeting("ab", ("a", "b"), fixed_slot=1)], {"b": {1}}, "b is not available in slot 1"),
        ([Meeting("ab", ("a", "b"), fixed_slot=4, session=1)], {}, "is fixed in slot 4, outside session 1."),
        (
            [Meeting("ab", ("a", "b"), fixed_slot=2), Meeting("cd", ("c", "d"), fixed_slot=2, predecessors=("ab",))],
            {},
            "The meeting a – b must precede c – d, but their fixed slots are 2 and 2.",
        ),
        (
            [Meeting(f"m{index}", (f"a{index}", f"b{index}"), fixed_slot=1) for index in range(3)],
            {},
            "3 meetings are fixed in slot 1, where the number of tables is 2.",
        ),
    ],
)
def test_fixed_meetings_that_clash(meetings: list[Meeting], absent: dict[str, set[int]], sentence: str) -> None:
    answer = solve(problem(meetings, slots=4, tables=2, absent=absent), SECONDS)
    assert isinstance(answer, Infeasible)
    assert len(answer.reasons) == 1
    assert sentence in english(answer.reasons[0])


def test_fixed_meetings_that_are_unfair() -> None:
    meetings = [Meeting("ab", ("a", "b"), fixed_slot=1), Meeting("ac", ("a", "c"), fixed_slot=4)]
    unfair = problem(meetings, slots=4)
    answer = solve(Problem(unfair.participants, unfair.meetings, unfair.slots, 9, fairness=0), SECONDS)
    assert isinstance(answer, Infeasible)
    assert "the fixed meetings" in english(answer.reasons[0])


def test_a_meeting_that_would_be_unfair() -> None:
    """Two participants have a break each, and one with a single meeting has none."""
    meetings = [Meeting("first", ("a", "b"), fixed_slot=1), Meeting("second", ("a", "b"), fixed_slot=4), Meeting("cd", ("c", "d"))]
    fair = problem(meetings, slots=4)
    unfair = Problem(fair.participants, fair.meetings, fair.slots, 9, fairness=0)
    answer = solve(unfair, SECONDS)
    assert isinstance(answer, Schedule)
    assert verify(unfair, answer).violations == ()
    assert [unplaced.meeting_id for unplaced in answer.unplaced] == ["cd"]
    assert "the largest difference of 0 between the breaks" in english(answer.unplaced[0].reason)
    assert isinstance(solve(unfair, SECONDS, all_placed=True), Infeasible)


def test_without_time_there_is_a_heuristic_schedule_unless_all_must_be_placed() -> None:
    with pytest.raises(NoScheduleInTime, match="allow more time"):
        solve(problem(star(3), slots=3), 0.0, all_placed=True)
    crowded = problem(star(4), slots=3)
    answer = solve(crowded, 0.0)
    assert isinstance(answer, Schedule)
    assert (answer.status, len(answer.placements), verify(crowded, answer).violations) == ("feasible", 3, ())
