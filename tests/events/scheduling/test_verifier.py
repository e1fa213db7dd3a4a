"""The verifier reports every kind of violation."""

from dataclasses import replace

import pytest

from services.events.scheduling import Meeting, Participant, Placement, Problem, Schedule, Slot, UnplacedMeeting, verify
from shared.chassis.texts import text

PROBLEM = Problem(
    participants=(Participant("a"), Participant("b"), Participant("c"), Participant("d", frozenset({3}))),
    meetings=(
        Meeting("ab", ("a", "b"), fixed_slot=1),
        Meeting("ac", ("a", "c"), session=2),
        Meeting("cd", ("c", "d"), predecessors=("ab",)),
    ),
    slots=(Slot(1, 1), Slot(2, 1), Slot(3, 2), Slot(4, 2)),
    tables=2,
    fairness=1,
)
PLACEMENTS = (Placement("ab", 1, 1), Placement("cd", 2, 2), Placement("ac", 3, 1))
VALID = Schedule(PLACEMENTS, (), "optimal", breaks=1, breaks_bound=1, placed_bound=3, table_changes=1)


def moved(meeting: str, slot: int, table: int = 1) -> Schedule:
    unmoved = tuple(placement for placement in PLACEMENTS if placement.meeting_id != meeting)
    return replace(VALID, placements=(*unmoved, Placement(meeting, slot, table)))


def test_a_valid_schedule_has_no_violations() -> None:
    assert verify(PROBLEM, VALID).violations == ()
    assert verify(PROBLEM, VALID).breaks == 1


@pytest.mark.parametrize(
    ("schedule", "violation"),
    [
        (moved("ab", 2), "meeting ab is not in its fixed slot 1"),
        (moved("ac", 2), "meeting ac is outside session 2"),
        (moved("ac", 2), "c has two meetings in one slot"),
        (moved("ac", 5), "meeting ac is in slot 5, which does not exist"),
        (moved("ac", 3, table=3), "there is no table 3"),
        (moved("cd", 1), "two meetings share a table"),
        (moved("cd", 1, table=2), "meeting cd does not come after ab"),
        (moved("cd", 3), "d is not available in slot 3"),
        (replace(VALID, placements=PLACEMENTS[:2]), "meeting ac occurs 0 times"),
        (replace(VALID, unplaced=(UnplacedMeeting("ac", text("any")),)), "meeting ac occurs 2 times"),
        (replace(VALID, unplaced=(UnplacedMeeting("zz", text("any")),)), "meeting zz is not of this problem"),
        (replace(VALID, breaks=0), "0 breaks stated, 1 counted"),
        (replace(VALID, table_changes=0), "0 table changes stated, 1 counted"),
        (replace(VALID, breaks_bound=2), "a bound contradicts the schedule"),
    ],
)
def test_a_violation_is_reported(schedule: Schedule, violation: str) -> None:
    assert violation in verify(PROBLEM, schedule).violations


def test_unfair_breaks_are_reported() -> None:
    assert "breaks differ by more than 0" in verify(replace(PROBLEM, fairness=0), VALID).violations
