"""Which tables a meeting may take, and what that means for how many meetings fit in a slot."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.events.scheduling.problem import Meeting, Problem, Table


@dataclass(frozen=True, slots=True)
class Pool:
    """Meetings that share tables: at most `room[slot]` of them at once."""

    meetings: tuple[Meeting, ...]
    room: Mapping[int, int]


class Places:
    """The tables of one problem.

    A meeting takes place at the table of a participant who stays; else of the first by id who has one; else at any shared table
    with seats enough. A virtual one takes place in a virtual room, whatever tables its participants have.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        special = {table.number: table for table in problem.special}
        self._tables = {number: special.get(number, Table(number)) for number in range(1, problem.tables + 1)}
        self._known: dict[tuple[tuple[int, ...], int, bool], Mapping[int, tuple[int, ...]]] = {}
        owned = {participant.table for participant in problem.participants}
        self._shared = tuple(table for table in self._tables.values() if table.number not in owned)

    def own(self, meeting: Meeting) -> tuple[int, ...]:
        """The one table this meeting must take; several where participants stay at different ones; empty for any shared one."""
        if meeting.virtual:
            return ()
        people = [self._problem.people[who] for who in sorted(meeting.participants)]
        staying = {person.table for person in people if person.stays and person.table is not None}
        if staying:
            return tuple(sorted(staying))
        return tuple(person.table for person in people if person.table is not None)[:1]

    def tables(self, meeting: Meeting, slot: int) -> tuple[int, ...]:
        """The tables this meeting may take in this slot, were it alone there."""
        return self._open(meeting)[slot]

    def slots(self, meeting: Meeting) -> tuple[int, ...]:
        """The slots this meeting may take, were it the only one."""
        open_tables = self._open(meeting)
        return tuple(slot for slot in self._problem.allowed(meeting) if open_tables[slot])

    def _open(self, meeting: Meeting) -> Mapping[int, tuple[int, ...]]:
        """The tables for this meeting in each slot: the same for all meetings of its kind."""
        own = self.own(meeting)
        kind = own, len(meeting.participants), meeting.virtual
        if kind not in self._known:
            candidates = [self._tables[number] for number in own] if own else self._shared
            fitting = [table for table in candidates if _fits(table, meeting, is_own=bool(own))] if len(own) < 2 else []
            self._known[kind] = {
                slot.number: tuple(table.number for table in fitting if slot.number not in table.closed)
                for slot in self._problem.slots
            }
        return self._known[kind]

    def pools(self) -> list[Pool]:
        """What limits the meetings of a slot. Together exact: meetings that keep them can be given tables."""
        by_table: dict[int, list[Meeting]] = {}
        for meeting in self._problem.meetings:
            for number in self.own(meeting)[:1]:
                by_table.setdefault(number, []).append(meeting)
        once = {slot.number: 1 for slot in self._problem.slots}
        pools = [Pool(tuple(meetings), once) for meetings in by_table.values() if not _share_somebody(meetings)]
        free = [meeting for meeting in self._problem.meetings if not self.own(meeting)]
        for virtual in (False, True):
            pools += self._shared_pools([meeting for meeting in free if meeting.virtual == virtual])
        return pools

    def _shared_pools(self, meetings: list[Meeting]) -> list[Pool]:
        """One pool for each number of seats that makes a difference: larger meetings have fewer tables."""
        found: list[Pool] = []
        for size in sorted({len(meeting.participants) for meeting in meetings}):
            pool = tuple(meeting for meeting in meetings if len(meeting.participants) >= size)
            room = {slot.number: len(self.tables(_smallest(pool), slot.number)) for slot in self._problem.slots}
            if not found or room != found[-1].room:
                found.append(Pool(pool, room))
        return found


def _smallest(meetings: tuple[Meeting, ...]) -> Meeting:
    return min(meetings, key=lambda meeting: len(meeting.participants))


def _fits(table: Table, meeting: Meeting, is_own: bool) -> bool:
    """Seats are the owner's own business at a table of theirs."""
    return is_own or (table.virtual == meeting.virtual and (table.seats is None or table.seats >= len(meeting.participants)))


def _share_somebody(meetings: list[Meeting]) -> bool:
    return bool(set(meetings[0].participants).intersection(*(meeting.participants for meeting in meetings)))
