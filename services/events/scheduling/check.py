"""An independent check of a schedule, from the rules alone: it shares nothing with the solver."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from services.events.scheduling.problem import Problem
from services.events.scheduling.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Checked:
    """Every rule the schedule violates, one sentence each, and its numbers counted again."""

    violations: tuple[str, ...]
    placed: int
    breaks: int
    table_changes: int


def check(problem: Problem, schedule: Schedule) -> Checked:
    """Check the hard rules and the numbers the schedule states about itself. No violations: all is well."""
    breaks = {who: sum(gap > 1 for gap in _gaps(slots)) for who, slots in _slots_by_person(problem, schedule).items()}
    changes = _table_changes(problem, schedule)
    violations = [*_completeness(problem, schedule), *_meeting_rules(problem, schedule), *_clashes(problem, schedule)]
    if breaks and max(breaks.values()) - min(breaks.values()) > problem.fairness:
        violations.append(f"breaks differ by more than {problem.fairness}")
    stated = {"breaks": (schedule.breaks, sum(breaks.values())), "table changes": (schedule.table_changes, changes)}
    violations += [f"{said} {what} stated, {seen} counted" for what, (said, seen) in stated.items() if said != seen]
    if schedule.bound > schedule.breaks or schedule.placed_bound < len(schedule.placements):
        violations.append("a bound contradicts the schedule")
    return Checked(tuple(violations), len(schedule.placements), sum(breaks.values()), changes)


def _completeness(problem: Problem, schedule: Schedule) -> Iterator[str]:
    told = [placed.meeting_id for placed in schedule.placements] + [left.meeting_id for left in schedule.unplaced]
    for meeting in problem.meetings:
        if told.count(meeting.id) != 1:
            yield f"meeting {meeting.id} occurs {told.count(meeting.id)} times"
    for stranger in set(told) - {meeting.id for meeting in problem.meetings}:
        yield f"meeting {stranger} is not of this problem"


def _meeting_rules(problem: Problem, schedule: Schedule) -> Iterator[str]:
    at = {placement.meeting_id: placement.slot for placement in schedule.placements}
    sessions = {slot.number: slot.session for slot in problem.slots}
    for meeting in problem.meetings:
        slot = at.get(meeting.id)
        if meeting.fixed is not None and slot != meeting.fixed:
            yield f"meeting {meeting.id} is not in its fixed slot {meeting.fixed}"
        if slot is None:
            continue
        if slot not in sessions:
            yield f"meeting {meeting.id} is in slot {slot}, which does not exist"
        if meeting.session is not None and sessions.get(slot) != meeting.session:
            yield f"meeting {meeting.id} is outside session {meeting.session}"
        for earlier in meeting.after:
            if earlier in at and at[earlier] >= slot:
                yield f"meeting {meeting.id} does not come after {earlier}"
    absences = {participant.id: participant.unavailable for participant in problem.participants}
    for who, slots in _slots_by_person(problem, schedule).items():
        for slot in absences[who].intersection(slots):
            yield f"{who} is not available in slot {slot}"


def _clashes(problem: Problem, schedule: Schedule) -> Iterator[str]:
    for who, slots in _slots_by_person(problem, schedule).items():
        if len(set(slots)) < len(slots):
            yield f"{who} has two meetings in one slot"
    seats = [(placement.slot, placement.table) for placement in schedule.placements]
    if len(set(seats)) < len(seats):
        yield "two meetings share a table"
    for table in {table for _, table in seats}:
        if not 1 <= table <= problem.tables:
            yield f"there is no table {table}"


def _slots_by_person(problem: Problem, schedule: Schedule) -> dict[str, list[int]]:
    """The slots of everybody who meets anybody, in order."""
    people = {meeting.id: meeting.participants for meeting in problem.meetings}
    slots: dict[str, list[int]] = {}
    for placement in schedule.placements:
        for who in people.get(placement.meeting_id, ()):
            slots.setdefault(who, []).append(placement.slot)
    return {who: sorted(found) for who, found in slots.items()}


def _gaps(slots: list[int]) -> list[int]:
    return [later - earlier for earlier, later in pairwise(slots)]


def _table_changes(problem: Problem, schedule: Schedule) -> int:
    people = {meeting.id: meeting.participants for meeting in problem.meetings}
    last: dict[str, int] = {}
    changes = 0
    for placement in sorted(schedule.placements, key=lambda placement: placement.slot):
        for who in people.get(placement.meeting_id, ()):
            changes += last.get(who, placement.table) != placement.table
            last[who] = placement.table
    return changes
