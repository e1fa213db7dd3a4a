"""Exhaustive search in tiny problems. Shares no code with the solver."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product

from services.events.scheduling import Meeting, Problem

UNLIMITED = 10**6


def best(problem: Problem, all_placed: bool = False) -> tuple[int, int] | None:
    """(most meetings placed, fewest breaks with that many), or None when no assignment keeps the hard constraints."""
    costs = [(-len(slots), breaks(problem, slots)) for slots in schedules(problem, all_placed)]
    return (-min(costs)[0], min(costs)[1]) if costs else None


def schedules(problem: Problem, all_placed: bool = False, fair: bool = True) -> Iterator[dict[str, int]]:
    """Every assignment of slots to meetings that keeps the hard constraints and leaves a table for each."""
    choices: list[list[int | None]] = []
    for meeting in problem.meetings:
        slots = [slot.number for slot in problem.slots if meeting.session in (None, slot.session)]
        slots = [slot for slot in slots if slot not in meeting.closed_slots]
        if meeting.fixed_slot is not None:
            choices.append([slot for slot in slots if slot == meeting.fixed_slot])
        else:
            choices.append([*slots, *([] if all_placed else [None])])
    ids = [meeting.id for meeting in problem.meetings]
    for assignment in product(*choices):
        slot_of = {meeting: slot for meeting, slot in zip(ids, assignment, strict=True) if slot is not None}
        if _is_valid(problem, slot_of, fair):
            yield slot_of


def breaks(problem: Problem, slots: Mapping[str, int]) -> int:
    """The breaks of all participants."""
    return sum(gap > 1 for gaps in _gaps(problem, slots).values() for gap in gaps)


def idle_slots(problem: Problem, slots: Mapping[str, int]) -> int:
    """The idle slots of all participants."""
    return sum(gap - 1 for gaps in _gaps(problem, slots).values() for gap in gaps)


def fewest_table_changes(problem: Problem, slots: Mapping[str, int]) -> int:
    """Over every assignment of tables to these meetings."""
    placed = [meeting for meeting in problem.meetings if meeting.id in slots]
    fewest = UNLIMITED
    for tables in product(range(1, problem.tables + 1), repeat=len(placed)):
        assigned = list(zip(placed, tables, strict=True))
        occupied = {(slots[meeting.id], table) for meeting, table in assigned}
        if len(occupied) == len(placed) and all(_fits(problem, meeting, slots[meeting.id], table) for meeting, table in assigned):
            fewest = min(fewest, table_changes(problem, slots, {meeting.id: table for meeting, table in assigned}))
    return fewest


def table_changes(problem: Problem, slots: Mapping[str, int], tables: Mapping[str, int]) -> int:
    """The table changes of all participants."""
    day = {slot.number: slot.day for slot in problem.slots}
    total = 0
    for participant in problem.participants:
        visits = sorted((slots[id], tables[id]) for id in _placed_meetings(problem, participant.id, slots))
        total += sum(
            day[earlier_slot] == day[later_slot] and earlier != later
            for (earlier_slot, earlier), (later_slot, later) in pairwise(visits)
        )
    return total


def _placed_meetings(problem: Problem, participant: str, slots: Mapping[str, int]) -> list[str]:
    return [meeting.id for meeting in problem.meetings if participant in meeting.participants and meeting.id in slots]


def _gaps(problem: Problem, slots: Mapping[str, int]) -> dict[str, list[int]]:
    """The distances between consecutive meetings of one day, of each participant with a meeting."""
    day = {slot.number: slot.day for slot in problem.slots}
    gaps = {}
    for participant in problem.participants:
        busy = sorted(slots[id] for id in _placed_meetings(problem, participant.id, slots))
        if busy:
            gaps[participant.id] = [later - earlier for earlier, later in pairwise(busy) if day[earlier] == day[later]]
    return gaps


def _is_valid(problem: Problem, slots: Mapping[str, int], fair: bool) -> bool:
    for meeting in problem.meetings:
        if meeting.id in slots and any(slots.get(earlier, 0) >= slots[meeting.id] for earlier in meeting.predecessors):
            return False
    gaps = _gaps(problem, slots)
    for participant in problem.participants:
        busy = [slots[id] for id in _placed_meetings(problem, participant.id, slots)]
        limit = len(busy) if participant.max_meetings is None else participant.max_meetings
        if len(set(busy)) < len(busy) or participant.unavailable & set(busy) or len(busy) > limit:
            return False
        if any(gap <= participant.min_gap for gap in gaps.get(participant.id, ())):
            return False
    for slot in problem.slots:
        if not _can_be_seated(
            problem, [meeting for meeting in problem.meetings if slots.get(meeting.id) == slot.number], slot.number
        ):
            return False
    counts = [sum(gap > 1 for gap in own_gaps) for own_gaps in gaps.values()]
    return not fair or not counts or max(counts) - min(counts) <= problem.fairness


def _can_be_seated(problem: Problem, meetings: Sequence[Meeting], slot: int, occupied: frozenset[int] = frozenset()) -> bool:
    if not meetings:
        return True
    free = (table for table in range(1, problem.tables + 1) if table not in occupied)
    tables = [table for table in free if _fits(problem, meetings[0], slot, table)]
    return any(_can_be_seated(problem, meetings[1:], slot, occupied | {table}) for table in tables)


def _fits(problem: Problem, meeting: Meeting, slot: int, number: int) -> bool:
    """Whether a meeting may be at this table."""
    table = next((special for special in problem.special_tables if special.number == number), None)
    if table is not None and slot in table.closed_slots:
        return False
    virtual = table is not None and table.virtual
    seats = UNLIMITED if table is None or table.seats is None else table.seats
    if meeting.virtual:
        return virtual and seats >= len(meeting.participants)
    people = [next(person for person in problem.participants if person.id == id) for id in sorted(meeting.participants)]
    stationary = {person.own_table for person in people if person.stationary}
    own_tables = [person.own_table for person in people if person.own_table is not None]
    if stationary:
        return stationary == {number}
    if own_tables:
        return number == own_tables[0]
    owned = {person.own_table for person in problem.participants}
    return not virtual and number not in owned and seats >= len(meeting.participants)
