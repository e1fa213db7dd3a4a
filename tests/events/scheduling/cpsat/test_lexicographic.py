"""Objectives are minimised one after the other, each within the limits of those before it."""

import threading

import pytest

from services.events.scheduling import Meeting, Participant, Problem, Slot
from services.events.scheduling.cpsat.lexicographic import LexicographicOptimizer, Objective, ObjectiveLimit
from services.events.scheduling.cpsat.model import ScheduleModel
from services.events.scheduling.deadline import Deadline
from services.events.scheduling.metrics import count_breaks, count_idle_slots

PEOPLE = (Participant("a", frozenset({2, 3})), Participant("b"), Participant("c"))
PROBLEM = Problem(PEOPLE, (Meeting("ab", ("a", "b")), Meeting("ac", ("a", "c"))), tuple(map(Slot, range(1, 5))), tables=1)
LEFT_OUT = Objective(ScheduleModel.left_out, lambda slots: len(PROBLEM.meetings) - len(slots))
BREAKS = Objective(ScheduleModel.breaks, lambda slots: count_breaks(PROBLEM, slots))
IDLE_SLOTS = Objective(ScheduleModel.idle_slots, lambda slots: count_idle_slots(PROBLEM, slots))


def optimizer(seconds: float, cancel: threading.Event | None = None) -> LexicographicOptimizer:
    return LexicographicOptimizer(PROBLEM, Deadline(seconds, cancel), workers=1, seed=0)


def test_an_objective_keeps_the_limits_of_those_before_it() -> None:
    left_out = optimizer(20).minimise(LEFT_OUT, [], None)
    assert left_out is not None
    assert (left_out.value, left_out.bound) == (0, 0)
    limits = [ObjectiveLimit(LEFT_OUT, 0)]
    breaks = optimizer(20).minimise(BREAKS, limits, left_out.slots)
    assert breaks is not None
    assert (breaks.value, breaks.bound) == (1, 1)
    alone = optimizer(20).minimise(BREAKS, [], left_out.slots)
    assert alone is not None
    assert (alone.value, len(alone.slots)) == (0, 1)


def test_limits_that_no_schedule_keeps_are_infeasible() -> None:
    limits = [ObjectiveLimit(LEFT_OUT, 0), ObjectiveLimit(IDLE_SLOTS, 1)]
    assert optimizer(20).minimise(BREAKS, limits, None) is None


def test_without_time_the_slots_given_are_the_answer() -> None:
    slots = {"ab": 1}
    optimum = optimizer(0).minimise(LEFT_OUT, [], slots)
    assert optimum is not None
    assert (optimum.slots, optimum.value, optimum.bound) == (slots, 1, 0)
    with pytest.raises(TimeoutError):
        optimizer(0).minimise(LEFT_OUT, [], None)


def test_a_cancelled_search_uses_no_time() -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(TimeoutError):
        optimizer(600, cancel).minimise(LEFT_OUT, [], None)
