"""The small problem that is left when most of a published schedule stays: what stays is written as restrictions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from services.events.scheduling.problem import Meeting, Participant, Problem, Table


@dataclass(frozen=True, slots=True)
class Position:
    """The slot and the table of a placed meeting."""

    slot: int
    table: int


def subproblem(problem: Problem, staying: Mapping[str, Position], free: Collection[str]) -> Problem:
    """The problem of placing the meetings in `free` while those in `staying` keep their positions; others are left out.

    It has no fairness cap: breaks depend on all meetings of a participant.
    """
    meetings = tuple(_restricted_meeting(meeting, problem, staying, free) for meeting in problem.meetings if meeting.id in free)
    attending = {participant_id for meeting in meetings for participant_id in meeting.participants}
    busy: dict[str, set[int]] = {participant_id: set() for participant_id in attending}
    occupied: dict[int, set[int]] = {}
    for meeting in problem.meetings:
        if meeting.id in staying:
            position = staying[meeting.id]
            occupied.setdefault(position.table, set()).add(position.slot)
            for participant_id in attending.intersection(meeting.participants):
                busy[participant_id].add(position.slot)
    return replace(
        problem,
        # Owners of a table stay in the problem: nobody else may be seated there.
        participants=tuple(
            _restricted_participant(participant, busy.get(participant.id, set()), problem)
            for participant in problem.participants
            if participant.id in attending or participant.own_table is not None
        ),
        meetings=meetings,
        fairness=len(problem.slots),
        special_tables=_restricted_tables(problem, occupied),
    )


def conflicting_meetings(problem: Problem, positions: Mapping[str, Position]) -> set[str]:
    """The meetings that cannot all keep their slots, though each could alone: gaps too small, too many meetings of a participant,
    a precedence violated, or not in the fixed slot."""
    day = {slot.number: slot.day for slot in problem.slots}
    slot_of = {meeting.id: positions[meeting.id].slot for meeting in problem.meetings if meeting.id in positions}
    placed = [meeting for meeting in problem.meetings if meeting.id in slot_of]
    conflicting = {meeting.id for meeting in placed if meeting.fixed_slot not in (None, slot_of[meeting.id])}
    for meeting in placed:
        for predecessor in meeting.predecessors:
            if predecessor in positions and positions[predecessor].slot >= slot_of[meeting.id]:
                conflicting |= {meeting.id, predecessor}
    for participant in problem.participants:
        attended = sorted(
            (slot_of[meeting.id], meeting.id) for meeting in problem.meetings_of[participant.id] if meeting.id in slot_of
        )
        for (earlier_slot, earlier), (later_slot, later) in pairwise(attended):
            same_day = day[later_slot] == day[earlier_slot]
            if later_slot == earlier_slot or (same_day and later_slot - earlier_slot <= participant.min_gap):
                conflicting |= {earlier, later}
        if participant.max_meetings is not None and len(attended) > participant.max_meetings:
            conflicting |= {id for _, id in attended}
    return conflicting


def _restricted_meeting(meeting: Meeting, problem: Problem, staying: Mapping[str, Position], free: Collection[str]) -> Meeting:
    """The meeting with its fixed slot, and precedences with meetings that stay, written as closed slots."""
    numbers = [slot.number for slot in problem.slots]
    earlier = [staying[predecessor].slot for predecessor in meeting.predecessors if predecessor in staying]
    later = [
        staying[successor.id].slot
        for successor in problem.meetings
        if successor.id in staying and meeting.id in successor.predecessors
    ]
    first, last = max(earlier, default=0) + 1, min(later, default=len(numbers) + 1) - 1
    possible = {number for number in numbers if first <= number <= last and meeting.fixed_slot in (None, number)}
    return replace(
        meeting,
        fixed_slot=None,
        closed_slots=meeting.closed_slots.union(numbers) - (possible - meeting.closed_slots),
        predecessors=tuple(predecessor for predecessor in meeting.predecessors if predecessor in free),
    )


def _restricted_participant(participant: Participant, busy: Collection[int], problem: Problem) -> Participant:
    """The participant without the slots of meetings that stay and the gaps around them, and with fewer meetings allowed."""
    near = {
        slot
        for day in problem.days
        for slot in day
        if any(busy_slot in busy and abs(slot - busy_slot) <= participant.min_gap for busy_slot in day)
    }
    limit = None if participant.max_meetings is None else max(0, participant.max_meetings - len(busy))
    return replace(participant, unavailable=participant.unavailable | near, max_meetings=limit)


def _restricted_tables(problem: Problem, occupied: Mapping[int, Collection[int]]) -> tuple[Table, ...]:
    """The tables, closed in the slots of meetings that stay there."""
    special = {table.number: table for table in problem.special_tables}
    special |= {number: Table(number) for number in occupied if number not in special}
    return tuple(
        replace(table, closed_slots=table.closed_slots.union(occupied.get(number, ()))) for number, table in sorted(special.items())
    )
