"""The fewest table changes, for given slots and over all; then changes against the published slots: as exhaustive search says."""

import threading
from collections.abc import Iterator
from random import Random
from unittest.mock import patch

import pytest
from hypothesis import event, given, settings

from services.events.scheduling import (
    Meeting,
    Participant,
    Placement,
    Problem,
    Schedule,
    Slot,
    Wish,
    check,
    secondary_objectives,
    solve,
)
from services.events.scheduling.metrics import count_changes
from services.events.scheduling.sat import table_changes
from services.events.scheduling.sat.table_changes import Walks
from services.events.scheduling.tables import optimal
from services.events.scheduling.tables.assignment import assign_tables, fewest_table_changes_here
from services.events.scheduling.tables.optimal import seat
from services.events.scheduling.verifier import broken_rules
from tests.events.scheduling import brute_force
from tests.events.scheduling.small_halls import groups, hall, halls

SECONDS = 60.0
SMALL = settings(max_examples=100, deadline=None)


def as_good(problem: Problem, answer: Schedule) -> Iterator[dict[str, int]]:
    """The slots of all schedules that are as good in what comes before table changes."""
    musts = {meeting.id for meeting in problem.meetings if meeting.must}

    def before(slots: dict[str, int]) -> tuple[int, ...]:
        idle = 0 if answer.idle is None else brute_force.idle(problem, slots)
        return len(musts - slots.keys()), -len(slots), brute_force.breaks(problem, slots), idle

    mine = before(slots_of(answer))
    for slots in brute_force.schedules(problem):
        assert before(slots) >= mine
        if before(slots) == mine:
            yield slots


def slots_of(answer: Schedule) -> dict[str, int]:
    return {one.meeting_id: one.slot for one in answer.placements}


@SMALL
@given(halls)
def test_the_fewest_table_changes_for_given_slots(problem: Problem) -> None:
    slots = next(brute_force.schedules(problem, fair=False), None)
    if slots is None:
        return
    fewest = brute_force.fewest_table_changes(problem, slots)
    matched = assign_tables(problem, slots)
    event(f"{fewest} changes, {brute_force.table_changes(problem, slots, matched) - fewest} too many by matching alone")
    assert fewest_table_changes_here(problem, slots) <= fewest <= brute_force.table_changes(problem, slots, matched)
    seated = seat(problem, slots)
    assert brute_force.table_changes(problem, slots, seated.tables) == seated.changes == seated.bound == fewest
    placements = tuple(Placement(one, slot, seated.tables[one]) for one, slot in slots.items())
    assert broken_rules(problem, placements) == []


@settings(SMALL, max_examples=300)
@given(groups)
def test_without_breaks_the_fewest_changes_for_given_slots_are_counted_exactly_in_groups_too(problem: Problem) -> None:
    slots = {one.id: one.fixed for one in problem.meetings if one.fixed is not None}
    fewest = brute_force.fewest_table_changes(problem, slots)
    matched = assign_tables(problem, slots)
    assert fewest_table_changes_here(problem, slots) == fewest == brute_force.table_changes(problem, slots, matched)


def test_groups_in_a_large_hall_have_no_bound_above_what_is_possible() -> None:
    """Y may follow C, X one of A and B, Z the other of A and C: the most that follow each other are not those that keep most."""
    here = {"A": (1, "234"), "B": (1, "19"), "C": (1, "567"), "X": (2, "123"), "Y": (2, "78"), "Z": (2, "456")}
    problem = Problem(
        tuple(map(Participant, "123456789")),
        tuple(Meeting(one, tuple(who), fixed=slot) for one, (slot, who) in here.items()),
        (Slot(1), Slot(2)),
        tables=3,
    )
    slots = {one: slot for one, (slot, _) in here.items()}
    assert brute_force.fewest_table_changes(problem, slots) == 3
    with patch.object(optimal, "HALL", 0):
        answer = solve(problem, SECONDS, wish=Wish(walks=True))
    assert isinstance(answer, Schedule)
    assert check(problem, answer).violations == ()
    assert (answer.table_changes, answer.table_changes_here, answer.table_changes_bound) == (3, 3, 3)


@SMALL
@given(halls)
def test_the_fewest_table_changes_at_the_fewest_breaks(problem: Problem) -> None:
    answer = solve(problem, SECONDS, wish=Wish(walks=True))
    assert isinstance(answer, Schedule)
    assert check(problem, answer).violations == ()
    least = min(brute_force.fewest_table_changes(problem, slots) for slots in as_good(problem, answer))
    event(f"{answer.breaks} breaks, {least} changes, {len(answer.unplaced)} left out")
    assert answer.status == "optimal"
    assert answer.table_changes_bound == least == answer.table_changes


@SMALL
@given(halls)
def test_rules_and_idle_slots_come_before_table_changes(problem: Problem) -> None:
    answer = solve(problem, SECONDS, wish=Wish(idle=True, walks=True))
    assert isinstance(answer, Schedule)
    assert check(problem, answer).violations == ()
    least = min(brute_force.fewest_table_changes(problem, slots) for slots in as_good(problem, answer))
    event(f"{answer.breaks} breaks, {least} changes, {len(answer.unplaced)} left out")
    assert (answer.status, answer.idle_bound) == ("optimal", answer.idle)
    assert answer.table_changes_bound == least == answer.table_changes


@SMALL
@given(halls)
def test_changes_against_the_published_slots_come_last(problem: Problem) -> None:
    published = {one.id: 1 + index % len(problem.slots) for index, one in enumerate(problem.meetings)}

    def changes(slots: dict[str, int]) -> tuple[int, int, int]:
        moved = [one for one in problem.meetings if slots.get(one.id) != published[one.id]]
        people = {who for one in moved for who in one.participants}
        return brute_force.fewest_table_changes(problem, slots), len(moved), len(people)

    answer = solve(problem, SECONDS, wish=Wish(walks=True, published=published))
    assert isinstance(answer, Schedule)
    assert check(problem, answer).violations == ()
    least = min(map(changes, as_good(problem, answer)))
    event(f"{least[0]} changes of tables, {least[1]} moved, {least[2]} people")
    assert changes(slots_of(answer)) == least
    assert (answer.table_changes, answer.table_changes_bound, answer.changes, answer.changes_bound) == (
        least[0],
        least[0],
        least[1],
        least[1],
    )


@SMALL
@given(halls)
def test_in_a_large_hall_the_bounds_hold(problem: Problem) -> None:
    published = {one.id: 1 + index % len(problem.slots) for index, one in enumerate(problem.meetings)}
    with patch.object(optimal, "HALL", 0):
        answer = solve(problem, SECONDS, wish=Wish(walks=True, published=published))
    assert isinstance(answer, Schedule)
    assert check(problem, answer).violations == ()
    placed = slots_of(answer)
    changes = {frozenset(slots.items()): brute_force.fewest_table_changes(problem, slots) for slots in as_good(problem, answer)}
    least = min(count for slots, count in changes.items() if dict(slots).keys() == placed.keys())
    event(f"{answer.breaks} breaks, {answer.table_changes - least} too many, bound {least - answer.table_changes_bound} too low")
    assert answer.table_changes_bound <= least <= answer.table_changes
    if not answer.breaks and not problem.special and all(one.table is None for one in problem.participants):
        assert answer.table_changes_bound == least == answer.table_changes
    moved = [count_changes(published, dict(slots)) for slots, count in changes.items() if count <= answer.table_changes]
    assert answer.changes_bound <= min(moved) <= answer.changes == count_changes(published, placed)


@pytest.mark.parametrize("wanted", [None, {"m0": 1, "m1": 1, "m2": 2, "m3": 3}])
def test_where_the_time_is_shorter_than_the_clauses_take_changes_are_counted(wanted: dict[str, int] | None) -> None:
    problem = hall(Random(1))
    with (
        patch.object(optimal, "HALL", 0),
        patch.object(table_changes, "BUILDING", SECONDS),
        patch.object(secondary_objectives, "Walks") as built,
    ):
        answer = solve(problem, SECONDS, wish=Wish(walks=True, published=wanted))
    built.assert_not_called()
    assert isinstance(answer, Schedule)
    assert check(problem, answer).violations == ()
    assert answer.changes == (None if wanted is None else count_changes(wanted, slots_of(answer)))


def test_once_the_time_is_over_nothing_more_is_built() -> None:
    problem = hall(Random(1))
    wanted = {one.id: 1 for one in problem.meetings}
    over = threading.Event()
    built: list[Walks] = []

    def build(part: Problem, breaks: int, idle: int | None) -> Walks:
        built.append(Walks(part, breaks, idle))
        over.set()
        return built[-1]

    with patch.object(optimal, "HALL", 0), patch.object(secondary_objectives, "Walks", build):
        answer = solve(problem, SECONDS, wish=Wish(walks=True, published=wanted, cancel=over))
    assert len(built) == 1
    assert isinstance(answer, Schedule)
    assert check(problem, answer).violations == ()
    assert answer.changes == count_changes(wanted, slots_of(answer))


def test_the_time_to_build_grows_with_the_ways_to_follow() -> None:
    people = tuple(map(Participant, "abc"))
    meetings = (Meeting("m", ("a", "b")), Meeting("n", ("a", "c")), Meeting("o", ("b", "c")))
    problem = Problem(people, meetings, (Slot(1), Slot(2), Slot(3), Slot(4, day=2)), 1)
    assert table_changes.building_time(problem) == pytest.approx(2 * 3 * 2 * table_changes.BUILDING)
    assert table_changes.building_time(problem.only(["m"])) == 0
