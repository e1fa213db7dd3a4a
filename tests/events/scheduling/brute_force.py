"""The best schedule of a tiny problem by trying everything. Shares nothing with the solver."""

from collections.abc import Iterator, Mapping
from itertools import pairwise, product

from services.events.scheduling import Meeting, Problem


def best(problem: Problem, all_placed: bool = False) -> tuple[int, int] | None:
    """(most meetings placed, fewest breaks with that many), or None when no assignment keeps the hard rules."""
    found = [(-len(slots), breaks(problem, slots)) for slots in schedules(problem, all_placed)]
    return (-min(found)[0], min(found)[1]) if found else None


def schedules(problem: Problem, all_placed: bool = False, fair: bool = True) -> Iterator[dict[str, int]]:
    """Every assignment of slots to meetings that keeps the hard rules and leaves a table for each."""
    choices: list[list[int | None]] = []
    for meeting in problem.meetings:
        slots = [
            slot.number
            for slot in problem.slots
            if meeting.session in (None, slot.session) and slot.number not in meeting.closed_slots
        ]
        if meeting.fixed_slot is not None:
            choices.append([slot for slot in slots if slot == meeting.fixed_slot])
        else:
            choices.append([*slots, *([] if all_placed else [None])])
    ids = [meeting.id for meeting in problem.meetings]
    for assignment in product(*choices):
        slots_of = {meeting: slot for meeting, slot in zip(ids, assignment, strict=True) if slot is not None}
        if _is_allowed(problem, slots_of, fair):
            yield slots_of


def breaks(problem: Problem, slots: Mapping[str, int]) -> int:
    """Breaks over everybody."""
    return sum(gap > 1 for mine in _gaps(problem, slots).values() for gap in mine)


def idle(problem: Problem, slots: Mapping[str, int]) -> int:
    """Idle slots over everybody."""
    return sum(gap - 1 for mine in _gaps(problem, slots).values() for gap in mine)


def fewest_table_changes(problem: Problem, slots: Mapping[str, int]) -> int:
    """Over every way to seat these meetings."""
    placed = [meeting for meeting in problem.meetings if meeting.id in slots]
    least = 10**6
    for tables in product(range(1, problem.tables + 1), repeat=len(placed)):
        seats = {(slots[meeting.id], table) for meeting, table in zip(placed, tables, strict=True)}
        if len(seats) == len(placed) and all(map(lambda one, table: _may(problem, one, slots[one.id], table), placed, tables)):
            at = {meeting.id: table for meeting, table in zip(placed, tables, strict=True)}
            least = min(least, table_changes(problem, slots, at))
    return least


def table_changes(problem: Problem, slots: Mapping[str, int], at: Mapping[str, int]) -> int:
    day = {slot.number: slot.day for slot in problem.slots}
    total = 0
    for who in problem.participants:
        mine = sorted((slots[one.id], at[one.id]) for one in problem.meetings if who.id in one.participants and one.id in slots)
        total += sum(day[a] == day[b] and one != other for (a, one), (b, other) in pairwise(mine))
    return total


def _gaps(problem: Problem, slots: Mapping[str, int]) -> dict[str, list[int]]:
    day = {slot.number: slot.day for slot in problem.slots}
    found = {}
    for who in problem.participants:
        mine = sorted(slots[one.id] for one in problem.meetings if who.id in one.participants and one.id in slots)
        if mine:
            found[who.id] = [later - earlier for earlier, later in pairwise(mine) if day[earlier] == day[later]]
    return found


def _is_allowed(problem: Problem, slots: Mapping[str, int], fair: bool) -> bool:
    for meeting in problem.meetings:
        if meeting.id in slots and any(slots.get(earlier, 0) >= slots[meeting.id] for earlier in meeting.predecessors):
            return False
    for who in problem.participants:
        mine = [slots[one.id] for one in problem.meetings if who.id in one.participants and one.id in slots]
        if (
            len(set(mine)) < len(mine)
            or who.unavailable & set(mine)
            or (who.max_meetings is not None and len(mine) > who.max_meetings)
        ):
            return False
    gaps = _gaps(problem, slots)
    if any(gap <= who.min_gap for who in problem.participants for gap in gaps.get(who.id, ())):
        return False
    for slot in problem.slots:
        if not _seatable(problem, [one for one in problem.meetings if slots.get(one.id) == slot.number], slot.number):
            return False
    counts = [sum(gap > 1 for gap in mine) for mine in gaps.values()]
    return not fair or not counts or max(counts) - min(counts) <= problem.fairness


def _seatable(problem: Problem, meetings: list[Meeting], slot: int, taken: frozenset[int] = frozenset()) -> bool:
    if not meetings:
        return True
    tables = [table for table in range(1, problem.tables + 1) if table not in taken and _may(problem, meetings[0], slot, table)]
    return any(_seatable(problem, meetings[1:], slot, taken | {table}) for table in tables)


def _may(problem: Problem, meeting: Meeting, slot: int, number: int) -> bool:
    """May a meeting be at this table?"""
    table = next((one for one in problem.special_tables if one.number == number), None)
    if table is not None and slot in table.closed_slots:
        return False
    virtual = table is not None and table.virtual
    seats = 99 if table is None or table.seats is None else table.seats
    owners = {one.own_table for one in problem.participants}
    if meeting.virtual:
        return virtual and seats >= len(meeting.participants)
    people = [next(one for one in problem.participants if one.id == who) for who in sorted(meeting.participants)]
    staying = {one.own_table for one in people if one.stationary}
    hosts = [one.own_table for one in people if one.own_table is not None]
    if staying:
        return staying == {number}
    if hosts:
        return number == hosts[0]
    return not virtual and number not in owners and seats >= len(meeting.participants)
