"""A search can be watched, cancelled and begun again."""

import random
import threading
from collections.abc import Mapping
from itertools import combinations

import pytest

from services.events.scheduling import Meeting, NoScheduleInTime, Participant, Problem, Schedule, Slot, SolverOptions, solve, verify

SECONDS = 60.0
PEOPLE = tuple(Participant(f"p{number:02d}") for number in range(16))
PAIRS = random.Random(2).sample(list(combinations([one.id for one in PEOPLE], 2)), 50)
BUSY = Problem(PEOPLE, tuple(Meeting("-".join(pair), pair) for pair in PAIRS), tuple(map(Slot, range(1, 13))), tables=5)


def test_every_better_schedule_is_told() -> None:
    told: list[tuple[int, int]] = []

    def progress(slots: Mapping[str, int], breaks: int) -> None:
        told.append((len(slots), breaks))

    answer = solve(BUSY, SECONDS, options=SolverOptions(progress_listener=progress))
    assert isinstance(answer, Schedule)
    assert told[-1] == (50, answer.breaks)
    assert [breaks for _, breaks in told] == sorted((breaks for _, breaks in told), reverse=True)


def test_a_cancelled_search_ends_with_the_best_it_has() -> None:
    cancel = threading.Event()
    answer = solve(BUSY, SECONDS, options=SolverOptions(progress_listener=lambda _, __: cancel.set(), cancel=cancel))
    assert isinstance(answer, Schedule)
    assert verify(BUSY, answer).violations == ()
    with pytest.raises(NoScheduleInTime):
        solve(BUSY, SECONDS, all_placed=True, options=SolverOptions(cancel=cancel))


def test_a_search_goes_on_from_the_slots_of_another() -> None:
    first = solve(BUSY, SECONDS)
    assert isinstance(first, Schedule)
    slots = {placed.meeting_id: placed.slot for placed in first.placements}
    again = solve(BUSY, SECONDS, options=SolverOptions(start=slots))
    assert isinstance(again, Schedule)
    assert (again.status, again.breaks) == (first.status, first.breaks)
