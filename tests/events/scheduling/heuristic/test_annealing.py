"""Annealing never ends worse than it began, and never with more meetings than tables."""

from random import Random

from services.events.scheduling import violated_constraints
from services.events.scheduling.heuristic.annealing import Annealing
from services.events.scheduling.heuristic.ejection_chains import Insertion
from services.events.scheduling.heuristic.incremental_schedule import UNPLACED, IncrementalSchedule
from services.events.scheduling.metrics import count_breaks
from tests.events.scheduling.problems import large_event, placements

EVENT = large_event(people=30, meetings=120, slots=14, days=1, tables=10)


def inserted(seed: int) -> IncrementalSchedule:
    schedule = IncrementalSchedule(EVENT)
    Insertion(schedule, Random(seed)).insert_greedily(range(len(EVENT.meetings)))
    return schedule


def test_breaks_become_fewer_and_every_constraint_is_kept() -> None:
    schedule = inserted(seed=1)
    unplaced, cost = schedule.slot_of.count(UNPLACED), schedule.total_cost()
    annealing = Annealing(schedule, [0] * len(EVENT.participants), Random(2))
    annealing.run(20_000, 0, lambda: True)
    assert annealing.best_cost == schedule.total_cost() < cost
    assert schedule.slot_of.count(UNPLACED) == unplaced
    slots = schedule.slots()
    assert violated_constraints(EVENT, placements(EVENT, slots)) == []
    assert count_breaks(EVENT, slots) <= schedule.total_cost()


def test_it_stops_at_the_target_and_when_told_to() -> None:
    schedule = inserted(seed=1)
    before, cost = list(schedule.slot_of), schedule.total_cost()
    annealing = Annealing(schedule, [0] * len(EVENT.participants), Random(2))
    annealing.run(20_000, cost, lambda: True)
    annealing.run(20_000, 0, lambda: False)
    assert schedule.slot_of == before
