"""An independent check of a schedule, from the constraints alone: it shares no code with the solver."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.events.scheduling.problem import Problem
from services.events.scheduling.schedule import Placement, Schedule


@dataclass(frozen=True, slots=True)
class Verification:
    """One sentence per violated constraint, and the numbers of the schedule as the verifier counts them."""

    violations: tuple[str, ...]
    placed: int
    breaks: int
    table_changes: int


def verify(problem: Problem, schedule: Schedule) -> Verification:
    """Check the hard constraints and the numbers that the schedule states. A valid schedule has no violations."""
    gaps = {id: _gaps(problem, slots) for id, slots in _slots_by_participant(problem, schedule.placements).items()}
    breaks = {id: sum(gap > 1 for gap in own_gaps) for id, own_gaps in gaps.items()}
    idle_slots = sum(max(0, gap - 1) for own_gaps in gaps.values() for gap in own_gaps)
    changes = _table_changes(problem, schedule.placements)
    violations = [*_completeness(problem, schedule), *violated_constraints(problem, schedule.placements)]
    if breaks and max(breaks.values()) - min(breaks.values()) > problem.fairness:
        violations.append(f"breaks differ by more than {problem.fairness}")
    counts = {"breaks": (schedule.breaks, sum(breaks.values())), "table changes": (schedule.table_changes, changes)}
    if schedule.idle_slots is not None:
        counts["idle slots"] = (schedule.idle_slots, idle_slots)
    violations += [
        f"{stated} {measure} stated, {counted} counted" for measure, (stated, counted) in counts.items() if stated != counted
    ]
    bounds = [
        (schedule.breaks_bound, schedule.breaks),
        (len(schedule.placements), schedule.placed_bound),
        (schedule.table_changes_bound, changes),
        (schedule.idle_slots_bound, idle_slots),
    ]
    if any(bound > value for bound, value in bounds):
        violations.append("a bound contradicts the schedule")
    return Verification(tuple(violations), len(schedule.placements), sum(breaks.values()), changes)


def violated_constraints(problem: Problem, placements: Sequence[Placement]) -> list[str]:
    """One sentence per violated hard constraint, except for fairness."""
    return [
        *_meeting_constraints(problem, placements),
        *_participant_constraints(problem, placements),
        *_double_bookings(problem, placements),
        *_table_constraints(problem, placements),
    ]


def _completeness(problem: Problem, schedule: Schedule) -> Iterator[str]:
    listed = [placement.meeting_id for placement in schedule.placements]
    listed += [unplaced.meeting_id for unplaced in schedule.unplaced]
    for meeting in problem.meetings:
        if listed.count(meeting.id) != 1:
            yield f"meeting {meeting.id} occurs {listed.count(meeting.id)} times"
    for unknown in set(listed) - {meeting.id for meeting in problem.meetings}:
        yield f"meeting {unknown} is not of this problem"


def _meeting_constraints(problem: Problem, placements: Sequence[Placement]) -> Iterator[str]:
    slot_of = {placement.meeting_id: placement.slot for placement in placements}
    sessions = {slot.number: slot.session for slot in problem.slots}
    for meeting in problem.meetings:
        slot = slot_of.get(meeting.id)
        if meeting.fixed_slot is not None and slot != meeting.fixed_slot:
            yield f"meeting {meeting.id} is not in its fixed slot {meeting.fixed_slot}"
        if slot is None:
            continue
        if slot in meeting.closed_slots:
            yield f"meeting {meeting.id} is in slot {slot}, which is closed to it"
        if slot not in sessions:
            yield f"meeting {meeting.id} is in slot {slot}, which does not exist"
        if meeting.session is not None and sessions.get(slot) != meeting.session:
            yield f"meeting {meeting.id} is outside session {meeting.session}"
        for predecessor in meeting.predecessors:
            if predecessor in slot_of and slot_of[predecessor] >= slot:
                yield f"meeting {meeting.id} does not come after {predecessor}"


def _participant_constraints(problem: Problem, placements: Sequence[Placement]) -> Iterator[str]:
    participants = {participant.id: participant for participant in problem.participants}
    for id, slots in _slots_by_participant(problem, placements).items():
        participant = participants[id]
        for slot in participant.unavailable.intersection(slots):
            yield f"{id} is not available in slot {slot}"
        if participant.max_meetings is not None and len(slots) > participant.max_meetings:
            yield f"{id} has more than {participant.max_meetings} meetings"
        if any(0 < gap <= participant.min_gap for gap in _gaps(problem, slots)):
            yield f"{id} has less than {participant.min_gap} idle slots between two meetings"


def _table_constraints(problem: Problem, placements: Sequence[Placement]) -> Iterator[str]:
    """No meeting is at a closed table, at one with too few seats, or at the own table of a participant who is not in it."""
    participants = {participant.id: participant for participant in problem.participants}
    meetings = {meeting.id: meeting for meeting in problem.meetings}
    tables = {table.number: table for table in problem.special_tables}
    owned = {participant.own_table for participant in problem.participants} - {None}
    for placement in placements:
        if placement.meeting_id not in meetings:
            continue
        meeting, table = meetings[placement.meeting_id], tables.get(placement.table)
        attendees = [participants[id] for id in meeting.participants]
        own_tables = {attendee.own_table for attendee in attendees} - {None}
        if table is not None and placement.slot in table.closed_slots:
            yield f"table {placement.table} is closed in slot {placement.slot}"
        is_virtual = table is not None and table.virtual
        if meeting.virtual != is_virtual and (meeting.virtual or placement.table not in own_tables):
            yield f"meeting {meeting.id} is at table {placement.table}, which is {'not ' if meeting.virtual else ''}virtual"
        if meeting.virtual:
            continue
        if any(attendee.stationary and attendee.own_table != placement.table for attendee in attendees):
            yield f"meeting {meeting.id} is away from the table of a stationary participant"
        if placement.table not in own_tables and (own_tables or placement.table in owned):
            yield f"meeting {meeting.id} is at table {placement.table}, which is not theirs"
        seats = None if table is None else table.seats
        if placement.table not in own_tables and seats is not None and seats < len(meeting.participants):
            yield f"meeting {meeting.id} does not fit at table {placement.table}"


def _double_bookings(problem: Problem, placements: Sequence[Placement]) -> Iterator[str]:
    for id, slots in _slots_by_participant(problem, placements).items():
        if len(set(slots)) < len(slots):
            yield f"{id} has two meetings in one slot"
    occupied = [(placement.slot, placement.table) for placement in placements]
    if len(set(occupied)) < len(occupied):
        yield "two meetings share a table"
    for table in {table for _, table in occupied}:
        if not 1 <= table <= problem.tables:
            yield f"there is no table {table}"


def _slots_by_participant(problem: Problem, placements: Sequence[Placement]) -> dict[str, list[int]]:
    """The sorted slots of each participant with a placed meeting."""
    participants = {meeting.id: meeting.participants for meeting in problem.meetings}
    slots: dict[str, list[int]] = {}
    for placement in placements:
        for id in participants.get(placement.meeting_id, ()):
            slots.setdefault(id, []).append(placement.slot)
    return {id: sorted(attended) for id, attended in slots.items()}


def _gaps(problem: Problem, slots: list[int]) -> list[int]:
    """The distance from each meeting to the next of the same day: 1 where no slot is between."""
    day = {slot.number: slot.day for slot in problem.slots}
    return [later - earlier for earlier, later in pairwise(slots) if day.get(earlier) == day.get(later)]


def _table_changes(problem: Problem, placements: Sequence[Placement]) -> int:
    participants = {meeting.id: meeting.participants for meeting in problem.meetings}
    day = {slot.number: slot.day for slot in problem.slots}
    last_table: dict[tuple[str, int | None], int] = {}
    changes = 0
    for placement in sorted(placements, key=lambda placement: placement.slot):
        for id in participants.get(placement.meeting_id, ()):
            key = id, day.get(placement.slot)
            changes += last_table.get(key, placement.table) != placement.table
            last_table[key] = placement.table
    return changes
