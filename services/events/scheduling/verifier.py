"""An independent check of a schedule, from the rules alone: it shares nothing with the solver."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.events.scheduling.problem import Problem
from services.events.scheduling.schedule import Placement, Schedule


@dataclass(frozen=True, slots=True)
class Checked:
    """Every rule the schedule violates, one sentence each, and its numbers counted again."""

    violations: tuple[str, ...]
    placed: int
    breaks: int
    table_changes: int


def check(problem: Problem, schedule: Schedule) -> Checked:
    """Check the hard rules and the numbers the schedule states about itself. No violations: all is well."""
    gaps = {who: _gaps(problem, slots) for who, slots in _slots_by_person(problem, schedule.placements).items()}
    breaks = {who: sum(gap > 1 for gap in mine) for who, mine in gaps.items()}
    idle = sum(max(0, gap - 1) for mine in gaps.values() for gap in mine)
    changes = _table_changes(problem, schedule.placements)
    violations = [*_completeness(problem, schedule), *broken_rules(problem, schedule.placements)]
    if breaks and max(breaks.values()) - min(breaks.values()) > problem.fairness:
        violations.append(f"breaks differ by more than {problem.fairness}")
    stated = {"breaks": (schedule.breaks, sum(breaks.values())), "table changes": (schedule.table_changes, changes)}
    if schedule.idle is not None:
        stated["idle slots"] = (schedule.idle, idle)
    violations += [f"{said} {what} stated, {seen} counted" for what, (said, seen) in stated.items() if said != seen]
    bounds = [
        (schedule.bound, schedule.breaks),
        (len(schedule.placements), schedule.placed_bound),
        (schedule.table_changes_bound, changes),
        (schedule.idle_bound, idle),
    ]
    if any(bound > value for bound, value in bounds):
        violations.append("a bound contradicts the schedule")
    return Checked(tuple(violations), len(schedule.placements), sum(breaks.values()), changes)


def broken_rules(problem: Problem, placements: Sequence[Placement]) -> list[str]:
    """Tell every hard rule these placements violate, a sentence each; fairness and fixed meetings without a slot apart."""
    return [
        *_meeting_rules(problem, placements),
        *_personal_rules(problem, placements),
        *_clashes(problem, placements),
        *_table_rules(problem, placements),
    ]


def _completeness(problem: Problem, schedule: Schedule) -> Iterator[str]:
    told = [placed.meeting_id for placed in schedule.placements] + [left.meeting_id for left in schedule.unplaced]
    for meeting in problem.meetings:
        if told.count(meeting.id) != 1:
            yield f"meeting {meeting.id} occurs {told.count(meeting.id)} times"
    for stranger in set(told) - {meeting.id for meeting in problem.meetings}:
        yield f"meeting {stranger} is not of this problem"


def _meeting_rules(problem: Problem, placements: Sequence[Placement]) -> Iterator[str]:
    at = {placement.meeting_id: placement.slot for placement in placements}
    sessions = {slot.number: slot.session for slot in problem.slots}
    for meeting in problem.meetings:
        slot = at.get(meeting.id)
        if meeting.fixed is not None and slot != meeting.fixed:
            yield f"meeting {meeting.id} is not in its fixed slot {meeting.fixed}"
        if slot is None:
            continue
        if slot in meeting.closed:
            yield f"meeting {meeting.id} is in slot {slot}, which is closed to it"
        if slot not in sessions:
            yield f"meeting {meeting.id} is in slot {slot}, which does not exist"
        if meeting.session is not None and sessions.get(slot) != meeting.session:
            yield f"meeting {meeting.id} is outside session {meeting.session}"
        for earlier in meeting.after:
            if earlier in at and at[earlier] >= slot:
                yield f"meeting {meeting.id} does not come after {earlier}"


def _personal_rules(problem: Problem, placements: Sequence[Placement]) -> Iterator[str]:
    people = {participant.id: participant for participant in problem.participants}
    for who, slots in _slots_by_person(problem, placements).items():
        for slot in people[who].unavailable.intersection(slots):
            yield f"{who} is not available in slot {slot}"
        most = people[who].most
        if most is not None and len(slots) > most:
            yield f"{who} has more than {most} meetings"
        if any(0 < gap <= people[who].rest for gap in _gaps(problem, slots)):
            yield f"{who} has less than {people[who].rest} idle slots between two meetings"


def _table_rules(problem: Problem, placements: Sequence[Placement]) -> Iterator[str]:
    """Who may sit where: at a closed or too small table nobody, at somebody's own table only with them."""
    people = {participant.id: participant for participant in problem.participants}
    meetings = {meeting.id: meeting for meeting in problem.meetings}
    tables = {table.number: table for table in problem.special}
    owned = {participant.table for participant in problem.participants} - {None}
    for placement in placements:
        if placement.meeting_id not in meetings:
            continue
        meeting, table = meetings[placement.meeting_id], tables.get(placement.table)
        mine = {people[who].table for who in meeting.participants} - {None}
        if table is not None and placement.slot in table.closed:
            yield f"table {placement.table} is closed in slot {placement.slot}"
        if meeting.virtual != (table is not None and table.virtual) and (meeting.virtual or placement.table not in mine):
            yield f"meeting {meeting.id} is at table {placement.table}, which is {'not ' if meeting.virtual else ''}virtual"
        if meeting.virtual:
            continue
        if any(people[who].stays and people[who].table != placement.table for who in meeting.participants):
            yield f"meeting {meeting.id} is away from the table of somebody who stays"
        if placement.table not in mine and (mine or placement.table in owned):
            yield f"meeting {meeting.id} is at table {placement.table}, which is not theirs"
        if (
            placement.table not in mine
            and table is not None
            and table.seats is not None
            and table.seats < len(meeting.participants)
        ):
            yield f"meeting {meeting.id} does not fit at table {placement.table}"


def _clashes(problem: Problem, placements: Sequence[Placement]) -> Iterator[str]:
    for who, slots in _slots_by_person(problem, placements).items():
        if len(set(slots)) < len(slots):
            yield f"{who} has two meetings in one slot"
    seats = [(placement.slot, placement.table) for placement in placements]
    if len(set(seats)) < len(seats):
        yield "two meetings share a table"
    for table in {table for _, table in seats}:
        if not 1 <= table <= problem.tables:
            yield f"there is no table {table}"


def _slots_by_person(problem: Problem, placements: Sequence[Placement]) -> dict[str, list[int]]:
    """The slots of everybody who meets anybody, in order."""
    people = {meeting.id: meeting.participants for meeting in problem.meetings}
    slots: dict[str, list[int]] = {}
    for placement in placements:
        for who in people.get(placement.meeting_id, ()):
            slots.setdefault(who, []).append(placement.slot)
    return {who: sorted(found) for who, found in slots.items()}


def _gaps(problem: Problem, slots: list[int]) -> list[int]:
    """The steps from each meeting to the next of the same day; 1 where no slot is between."""
    day = {slot.number: slot.day for slot in problem.slots}
    return [later - earlier for earlier, later in pairwise(slots) if day.get(earlier) == day.get(later)]


def _table_changes(problem: Problem, placements: Sequence[Placement]) -> int:
    people = {meeting.id: meeting.participants for meeting in problem.meetings}
    day = {slot.number: slot.day for slot in problem.slots}
    last: dict[tuple[str, int | None], int] = {}
    changes = 0
    for placement in sorted(placements, key=lambda placement: placement.slot):
        for who in people.get(placement.meeting_id, ()):
            today = who, day.get(placement.slot)
            changes += last.get(today, placement.table) != placement.table
            last[today] = placement.table
    return changes
