"""The tables that a meeting may take, and the number of meetings that fit in a slot."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.events.scheduling.problem import Meeting, Problem, Table


@dataclass(frozen=True, slots=True)
class TablePool:
    """Meetings that share tables: at most `capacity[slot]` of them at once."""

    meetings: tuple[Meeting, ...]
    capacity: Mapping[int, int]


class TableEligibility:
    """The eligible tables of one problem's meetings.

    A meeting takes place at the table of a stationary participant; else at that of the first participant by id who has one; else
    at any shared table with enough seats. A virtual meeting takes place in a virtual room, whatever tables its participants have.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        special = {table.number: table for table in problem.special_tables}
        self._tables = {number: special.get(number, Table(number)) for number in range(1, problem.tables + 1)}
        # By what decides the tables of a meeting: its own ones, its size, whether it is virtual.
        self._cache: dict[tuple[tuple[int, ...], int, bool], Mapping[int, tuple[int, ...]]] = {}
        owned = {participant.own_table for participant in problem.participants}
        self._shared = tuple(table for table in self._tables.values() if table.number not in owned)

    def own_tables(self, meeting: Meeting) -> tuple[int, ...]:
        """The one table required; several where stationary participants have different ones; empty for any shared table."""
        if meeting.virtual:
            return ()
        participants = [self._problem.participant_by_id[id] for id in sorted(meeting.participants)]
        stationary = {person.own_table for person in participants if person.stationary and person.own_table is not None}
        if stationary:
            return tuple(sorted(stationary))
        return tuple(person.own_table for person in participants if person.own_table is not None)[:1]

    def tables(self, meeting: Meeting, slot: int) -> tuple[int, ...]:
        """The tables this meeting may take in a slot, were it alone there."""
        return self._open_tables(meeting)[slot]

    def slots(self, meeting: Meeting) -> tuple[int, ...]:
        """The slots this meeting may take, were it the only one."""
        open_tables = self._open_tables(meeting)
        return tuple(slot for slot in self._problem.available_slots(meeting) if open_tables[slot])

    def _open_tables(self, meeting: Meeting) -> Mapping[int, tuple[int, ...]]:
        """The tables for this meeting in each slot."""
        own_tables = self.own_tables(meeting)
        key = own_tables, len(meeting.participants), meeting.virtual
        if key not in self._cache:
            candidates = [self._tables[number] for number in own_tables] if own_tables else self._shared
            is_own = bool(own_tables)
            fitting = [table for table in candidates if _fits(table, meeting, is_own)] if len(own_tables) < 2 else []
            self._cache[key] = {
                slot.number: tuple(table.number for table in fitting if slot.number not in table.closed_slots)
                for slot in self._problem.slots
            }
        return self._cache[key]

    def pools(self) -> list[TablePool]:
        """The capacity limits of a slot. Together they are exact: meetings that keep them can all be assigned a table."""
        by_table: dict[int, list[Meeting]] = {}
        for meeting in self._problem.meetings:
            for number in self.own_tables(meeting)[:1]:
                by_table.setdefault(number, []).append(meeting)
        single_table = {slot.number: 1 for slot in self._problem.slots}
        # Meetings that share a participant exclude each other already.
        pools = [TablePool(tuple(meetings), single_table) for meetings in by_table.values() if not _share_participant(meetings)]
        at_shared_tables = [meeting for meeting in self._problem.meetings if not self.own_tables(meeting)]
        for virtual in (False, True):
            pools += self._shared_pools([meeting for meeting in at_shared_tables if meeting.virtual == virtual])
        return pools

    def _shared_pools(self, meetings: list[Meeting]) -> list[TablePool]:
        """One pool for each number of seats that makes a difference: larger meetings have fewer tables."""
        pools: list[TablePool] = []
        for size in sorted({len(meeting.participants) for meeting in meetings}):
            members = tuple(meeting for meeting in meetings if len(meeting.participants) >= size)
            smallest = min(members, key=lambda meeting: len(meeting.participants))
            capacity = {slot.number: len(self.tables(smallest, slot.number)) for slot in self._problem.slots}
            if not pools or capacity != pools[-1].capacity:
                pools.append(TablePool(members, capacity))
        return pools


def _fits(table: Table, meeting: Meeting, is_own: bool) -> bool:
    """Whether a table suits a meeting. The seats at a participant's own table are not limited."""
    return is_own or (table.virtual == meeting.virtual and (table.seats is None or table.seats >= len(meeting.participants)))


def _share_participant(meetings: list[Meeting]) -> bool:
    return bool(set(meetings[0].participants).intersection(*(meeting.participants for meeting in meetings)))
