"""Heuristic schedules keep every constraint and are never better than exhaustive search."""

from collections.abc import Mapping

from hypothesis import HealthCheck, event, given, settings

from services.events.scheduling import Problem, violated_constraints
from services.events.scheduling.heuristic.anytime import AnytimeHeuristic
from tests.events.scheduling import brute_force
from tests.events.scheduling.problems import placements, problems, scattered

SMALL = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Countdown:
    """Keeps going for so many calls."""

    def __init__(self, calls: int) -> None:
        self._left = calls

    def __call__(self) -> bool:
        self._left -= 1
        return self._left > 0


@SMALL
@given(problems())
def test_every_constraint_is_kept(problem: Problem) -> None:
    heuristic = AnytimeHeuristic(problem, {meeting.id for meeting in problem.meetings}, seed=0)
    if not heuristic.construct({}, Countdown(50)):
        event("a fixed meeting has no place")
        return
    heuristic.improve(Countdown(4), lambda _: None)
    heuristic.make_fair()
    slots = heuristic.slots()
    assert heuristic.placed == len(slots)
    assert not violated_constraints(problem, placements(problem, slots))
    event("fair" if heuristic.is_fair else "unfair")
    best = max((len(schedule) for schedule in brute_force.schedules(problem)), default=None)
    assert not heuristic.is_fair or (best is not None and len(slots) <= best)
    event(f"{0 if best is None else best - len(slots)} fewer than possible")


def test_mandatory_meetings_are_removed_last() -> None:
    problem = scattered(mandatory=3, size=40)
    heuristic = AnytimeHeuristic(problem, {meeting.id for meeting in problem.meetings}, seed=0)
    assert heuristic.construct({}, Countdown(50))
    heuristic.make_fair()
    assert heuristic.is_fair
    assert {meeting.id for meeting in problem.meetings} - heuristic.slots().keys() == {"m003", "m004"}


def test_each_reported_improvement_is_better() -> None:
    problem = scattered(mandatory=0, size=40)
    heuristic = AnytimeHeuristic(problem, {meeting.id for meeting in problem.meetings}, seed=0)
    assert heuristic.construct({}, Countdown(50))
    heuristic.make_fair()
    costs: list[tuple[int, int]] = []

    def record(slots: Mapping[str, int]) -> None:
        costs.append((len(problem.meetings) - len(slots), brute_force.breaks(problem, slots)))

    heuristic.improve(Countdown(40), record)
    assert costs == sorted(set(costs), reverse=True)
    assert costs


def test_a_start_is_taken_where_it_is_possible() -> None:
    problem = scattered(mandatory=0, size=40)
    start = {"m005": 3, "m000": 2}  # the second is a slot in which a participant is away
    heuristic = AnytimeHeuristic(problem, {meeting.id for meeting in problem.meetings}, seed=0)
    assert heuristic.construct(start, Countdown(50))
    slots = heuristic.slots()
    assert slots["m005"] == 3
    assert slots.get("m000") != 2
