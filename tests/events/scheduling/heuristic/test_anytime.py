"""Drafts keep every rule, and what is counted as the fewest breaks is never more than exhaustive search finds."""

import random
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import HealthCheck, event, given, settings

from services.events.scheduling import (
    Disruption,
    Meeting,
    Participant,
    Placement,
    Problem,
    Schedule,
    Slot,
    repair,
    search,
    solve,
    verify,
)
from services.events.scheduling.bounds.breaks import breaks_lower_bound
from services.events.scheduling.heuristic.anytime import AnytimeHeuristic
from services.events.scheduling.search import ScheduleSearch
from services.events.scheduling.tables.assignment import assign_tables
from services.events.scheduling.verifier import violated_constraints
from tests.events.scheduling import brute_force
from tests.events.scheduling.test_all_constraints import problems

SMALL = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Rounds:
    """Goes on so many looks at the clock."""

    def __init__(self, looks: int) -> None:
        self._left = looks

    def __call__(self) -> bool:
        self._left -= 1
        return self._left > 0


@SMALL
@given(problems())
def test_a_draft_keeps_every_rule(problem: Problem) -> None:
    draft = AnytimeHeuristic(problem, {one.id for one in problem.meetings}, seed=0)
    if not draft.construct({}, Rounds(50)):
        event("a fixed meeting has no place")
        return
    draft.improve(Rounds(4), lambda _: None)
    draft.make_fair()
    slots = draft.slots()
    tables = assign_tables(problem, slots)
    assert not violated_constraints(problem, [Placement(one, slot, tables[one]) for one, slot in slots.items()])
    event("fair" if draft.is_fair else "unfair")
    most = max((len(found) for found in brute_force.schedules(problem)), default=None)
    assert not draft.is_fair or (most is not None and len(slots) <= most)
    event(f"{0 if most is None else most - len(slots)} fewer than possible")


@SMALL
@given(problems())
def test_counting_never_promises_too_many_breaks(problem: Problem) -> None:
    for slots in brute_force.schedules(problem):
        assert breaks_lower_bound(problem, len(problem.meetings) - len(slots)) <= brute_force.breaks(problem, slots)


def scattered(musts: int, size: int) -> Problem:
    """Somebody free in every second slot alone, which makes more breaks than the fairness allows, among many others."""
    others = [f"p{number:03d}" for number in range(size)]
    pairs = [("far", other) for other in others[:5]] + random.Random(3).sample(list(combinations(others, 2)), size)
    return Problem(
        participants=(Participant("far", unavailable=frozenset(range(2, 17, 2))), *map(Participant, others)),
        meetings=tuple(Meeting(f"m{n:03d}", pair, mandatory=n < musts) for n, pair in enumerate(pairs)),
        slots=tuple(map(Slot, range(1, 17))),
        tables=size,
    )


def test_what_must_be_placed_is_taken_out_last() -> None:
    problem = scattered(musts=3, size=40)
    draft = AnytimeHeuristic(problem, {one.id for one in problem.meetings}, seed=0)
    assert draft.construct({}, Rounds(50))
    draft.make_fair()
    assert draft.is_fair
    left = {one.id for one in problem.meetings} - draft.slots().keys()
    assert left == {"m003", "m004"}


def test_where_a_solver_is_at_a_loss_there_is_a_draft(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object) -> None:
        return None

    monkeypatch.setattr(ScheduleSearch, "_all_placed", lost)
    monkeypatch.setattr(ScheduleSearch, "_place", lost)
    monkeypatch.setattr(search, "select_meetings", lambda *_: _raise(TimeoutError()))
    problem = scattered(musts=0, size=60)
    answer = solve(problem, 4)
    assert isinstance(answer, Schedule)
    assert verify(problem, answer).violations == ()
    assert len(answer.placements) == len(problem.meetings) - 2


def _raise(error: Exception) -> None:
    raise error


def crowd(people: int, meetings: int, slots: int, days: int, tables: int) -> Problem:
    names = [f"p{number:03d}" for number in range(people)]
    pairs = random.Random(3).sample(list(combinations(names, 2)), meetings)
    return Problem(
        participants=tuple(map(Participant, names)),
        meetings=tuple(Meeting("-".join(pair), pair) for pair in pairs),
        slots=tuple(Slot(number, day=1 + (number - 1) * days // slots) for number in range(1, slots + 1)),
        tables=tables,
    )


def test_an_event_too_large_for_the_solvers_is_scheduled_in_time() -> None:
    """More meetings times slots than any solver is asked about: every meeting placed, proven by counting; so is its repair."""
    large = crowd(people=240, meetings=1500, slots=30, days=2, tables=56)
    answer = solve(large, 8.0, all_placed=True)
    assert isinstance(answer, Schedule)
    assert verify(large, answer).violations == ()
    assert (len(answer.placements), answer.placed_bound) == (1500, 1500)
    absent = {large.participants[0].id: frozenset(range(1, 31))}
    repaired = repair(large, answer.placements, 5, Disruption(absent), 15.0)
    assert (repaired.status, repaired.moved, len(repaired.dropped)) == ("optimal", (), repaired.changes_bound)


def test_more_than_fits_is_left_out_and_explained() -> None:
    large = crowd(people=240, meetings=1500, slots=30, days=2, tables=49)
    answer = solve(large, 8.0)
    assert isinstance(answer, Schedule)
    assert verify(large, answer).violations == ()
    assert answer.placed_bound == 49 * 30
    assert len(answer.placements) >= 0.95 * answer.placed_bound
    (reason,) = {left.reason.en for left in answer.unplaced}
    assert reason == "There are 1500 accepted meetings and 1470 places (slots 30, tables 49)."


def test_a_meeting_that_can_never_be_does_not_stop_the_others() -> None:
    large = crowd(people=60, meetings=400, slots=36, days=1, tables=30)
    away = (Participant("am", frozenset(range(1, 19))), Participant("pm", frozenset(range(19, 37))))
    others = [Meeting(f"am-{number}", ("am", f"p{number:03d}")) for number in range(8)]
    whole = replace(
        large,
        participants=(*large.participants, *away),
        meetings=(*large.meetings, Meeting("never", ("am", "pm")), *others),
    )
    answer = solve(whole, 5.0)
    assert isinstance(answer, Schedule)
    assert verify(whole, answer).violations == ()
    assert [one.meeting_id for one in answer.unplaced] == ["never"]
