"""A schedule that changes move by move stays equal to one counted from scratch."""

from collections import Counter
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from services.events.scheduling import Meeting, Participant, Problem, Slot, violated_constraints
from services.events.scheduling.heuristic.incremental_schedule import UNFAIRNESS_COST, UNPLACED, IncrementalSchedule
from services.events.scheduling.metrics import count_breaks
from tests.events.scheduling.problems import placements, problems

SMALL = settings(max_examples=80, deadline=None)


def overload(schedule: IncrementalSchedule) -> int:
    return sum(max(0, load - capacity) for load, capacity in zip(schedule.load, schedule.capacity, strict=True))


@SMALL
@given(problems(), st.randoms(use_true_random=False))
def test_kempe_chains_keep_the_constraints_and_the_counts_right(problem: Problem, random: Random) -> None:
    schedule = IncrementalSchedule(problem)
    for _ in range(30):
        meeting = random.randrange(len(problem.meetings))
        if not schedule.open_slots[meeting]:
            continue
        current, target = schedule.slot_of[meeting], random.choice(schedule.open_slots[meeting])
        source = random.randrange(schedule.size) if current == UNPLACED else current
        move = schedule.kempe_chain(meeting, target, source) if target != source else None
        changed = None if move is None else schedule.busy_after(move)
        if move is None or changed is None or schedule.overload_change(move) > 0:
            continue
        before, load_change = overload(schedule), schedule.overload_change(move)
        schedule.apply(move)
        assert overload(schedule) == before + load_change
        assert {id: schedule.busy[id] for id in changed} == changed
        slots = schedule.slots()
        busy = Counter(
            id for index in range(len(problem.meetings)) if schedule.slot_of[index] >= 0 for id in schedule.participants[index]
        )
        within_limits = all(busy[id] <= schedule.max_meetings[id] for id in range(len(problem.participants)))
        if within_limits:  # limits are the insertion's business
            violations = violated_constraints(problem, placements(problem, slots))
            assert [violation for violation in violations if "fixed" not in violation] == []
        assert sum(map(schedule.breaks, schedule.busy)) == count_breaks(problem, slots)


def test_two_days_are_never_one_run() -> None:
    problem = Problem(
        (Participant("a"), Participant("b")),
        (Meeting("m", ("a", "b")), Meeting("n", ("a", "b"))),
        (Slot(1), Slot(2), Slot(3, day=2), Slot(4, day=2)),
        1,
    )
    schedule = IncrementalSchedule(problem)
    schedule.apply([(0, 1), (1, 2)])
    assert schedule.slots() == {"m": 2, "n": 3}
    assert schedule.total_cost() == 0
    schedule.apply([(0, 0), (1, 3)])
    assert schedule.total_cost() == 0
    schedule.apply([(1, UNPLACED)])
    assert schedule.slots() == {"m": 1}


def test_breaks_above_the_cap_cost_more() -> None:
    meetings = tuple(Meeting(f"m{number}", ("a", "b")) for number in range(3))
    problem = Problem((Participant("a"), Participant("b")), meetings, tuple(map(Slot, range(1, 6))), 1, fairness=1)
    schedule = IncrementalSchedule(problem)
    schedule.apply([(0, 0), (1, 2), (2, 4)])
    assert schedule.total_cost() == 2 * (2 + UNFAIRNESS_COST)
