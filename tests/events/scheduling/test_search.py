"""A search reports progress, can be cancelled and started from known slots; a heuristic schedule replaces what solvers lack."""

import random
import threading
from collections.abc import Mapping
from itertools import combinations

import pytest

from services.events.scheduling import (
    Disruption,
    Meeting,
    NoScheduleInTime,
    Participant,
    Problem,
    Schedule,
    Slot,
    SolverOptions,
    repair,
    search,
    solve,
    verify,
)
from services.events.scheduling.search import ScheduleSearch
from tests.events.scheduling.problems import large_event, scattered
from tests.events.scheduling.sentences import english

SECONDS = 60.0
PARTICIPANTS = tuple(Participant(f"p{number:02d}") for number in range(16))
PAIRS = random.Random(2).sample(list(combinations([participant.id for participant in PARTICIPANTS], 2)), 50)
BUSY = Problem(PARTICIPANTS, tuple(Meeting("-".join(pair), pair) for pair in PAIRS), tuple(map(Slot, range(1, 13))), tables=5)


def test_every_better_schedule_is_reported() -> None:
    reported: list[tuple[int, int]] = []

    def report(slots: Mapping[str, int], breaks: int) -> None:
        reported.append((len(slots), breaks))

    schedule = solve(BUSY, SECONDS, options=SolverOptions(progress_listener=report))
    assert isinstance(schedule, Schedule)
    assert reported[-1] == (50, schedule.breaks)
    assert [breaks for _, breaks in reported] == sorted((breaks for _, breaks in reported), reverse=True)


def test_a_cancelled_search_ends_with_its_best_schedule() -> None:
    cancel = threading.Event()
    options = SolverOptions(progress_listener=lambda _slots, _breaks: cancel.set(), cancel=cancel)
    schedule = solve(BUSY, SECONDS, options=options)
    assert isinstance(schedule, Schedule)
    assert verify(BUSY, schedule).violations == ()
    with pytest.raises(NoScheduleInTime):
        solve(BUSY, SECONDS, all_placed=True, options=SolverOptions(cancel=cancel))


def test_a_search_starts_from_the_slots_of_an_earlier_one() -> None:
    first = solve(BUSY, SECONDS)
    assert isinstance(first, Schedule)
    slots = {placement.meeting_id: placement.slot for placement in first.placements}
    second = solve(BUSY, SECONDS, options=SolverOptions(start=slots))
    assert isinstance(second, Schedule)
    assert (second.status, second.breaks) == (first.status, first.breaks)


def test_where_the_solvers_find_nothing_the_heuristic_has_a_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_result(*_: object) -> None:
        return None

    def no_selection(*_: object) -> None:
        raise TimeoutError

    monkeypatch.setattr(ScheduleSearch, "_all_placed", no_result)
    monkeypatch.setattr(ScheduleSearch, "_place", no_result)
    monkeypatch.setattr(search, "select_meetings", no_selection)
    problem = scattered(mandatory=0, size=60)
    schedule = solve(problem, 4)
    assert isinstance(schedule, Schedule)
    assert verify(problem, schedule).violations == ()
    assert len(schedule.placements) == len(problem.meetings) - 2


def test_an_event_too_large_for_the_solvers_is_scheduled_in_time() -> None:
    """More meetings times slots than the solvers get: every meeting placed, proven by counting; so is its repair."""
    problem = large_event(people=240, meetings=1500, slots=30, days=2, tables=56)
    schedule = solve(problem, 8.0, all_placed=True)
    assert isinstance(schedule, Schedule)
    assert verify(problem, schedule).violations == ()
    assert (len(schedule.placements), schedule.placed_bound) == (1500, 1500)
    absent = {problem.participants[0].id: frozenset(range(1, 31))}
    repaired = repair(problem, schedule.placements, 5, Disruption(absent), 15.0)
    assert (repaired.status, repaired.moved, len(repaired.dropped)) == ("optimal", (), repaired.changes_bound)


def test_meetings_that_do_not_fit_are_left_out_and_explained() -> None:
    problem = large_event(people=240, meetings=1500, slots=30, days=2, tables=49)
    schedule = solve(problem, 8.0)
    assert isinstance(schedule, Schedule)
    assert verify(problem, schedule).violations == ()
    assert schedule.placed_bound == 49 * 30
    assert len(schedule.placements) >= 0.95 * schedule.placed_bound
    (reason,) = {english(unplaced.reason) for unplaced in schedule.unplaced}
    assert reason == "There are 1500 accepted meetings and 1470 places (slots 30, tables 49)."


def test_an_impossible_meeting_does_not_stop_the_others() -> None:
    event = large_event(people=40, meetings=200, slots=36, days=1, tables=20)
    half_days = (Participant("am", frozenset(range(1, 19))), Participant("pm", frozenset(range(19, 37))))
    morning_meetings = [Meeting(f"am-{number}", ("am", f"p{number:03d}")) for number in range(8)]
    problem = Problem(
        (*event.participants, *half_days),
        (*event.meetings, Meeting("never", ("am", "pm")), *morning_meetings),
        event.slots,
        event.tables,
    )
    schedule = solve(problem, SECONDS)
    assert isinstance(schedule, Schedule)
    assert verify(problem, schedule).violations == ()
    assert [unplaced.meeting_id for unplaced in schedule.unplaced] == ["never"]
