"""Where meetings without a place could go while all others stay in their slots, and a first choice among that."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from services.events.scheduling.problem import Meeting, Problem
from services.events.scheduling.tables.eligibility import Places


class Vacancies:
    """The slots that are open to a meeting: its people are free, rested and below their limit, and a table is left for it.

    Tables are counted by pools: those that meet in a slot may have to exchange theirs so that all have one.
    """

    def __init__(self, problem: Problem, slots: Mapping[str, int]) -> None:
        self.slots: dict[str, int] = {}
        self._problem = problem
        self._places = Places(problem)
        self._day = {slot: day for day in problem.days for slot in day}
        self._busy: dict[str, set[int]] = {one.id: set() for one in problem.participants}
        self._left = {one.id: one.most for one in problem.participants}
        self._pools: dict[str, list[dict[int, int]]] = defaultdict(list)
        for pool in self._places.pools():
            room = dict(pool.room)
            for one in pool.meetings:
                self._pools[one.id].append(room)
        self._then: dict[str, list[str]] = defaultdict(list)
        for one in problem.meetings:
            for earlier in one.after:
                self._then[earlier].append(one.id)
        for one in problem.meetings:
            if one.id in slots:
                self.take(one, slots[one.id])

    def of(self, meeting: Meeting) -> list[int]:
        """The slots that are open to this meeting."""
        people = meeting.participants
        if any(self._left[who] == 0 for who in people):
            return []
        first = max((self.slots[one] for one in meeting.after if one in self.slots), default=0)
        last = min((self.slots[one] for one in self._then[meeting.id] if one in self.slots), default=len(self._day) + 1)
        return [
            slot
            for slot in self._places.slots(meeting)
            if first < slot < last
            and meeting.fixed in (None, slot)
            and self.room(meeting, slot) > 0
            and not any(slot in self._busy[who] for who in people)
        ]

    def room(self, meeting: Meeting, slot: int) -> int:
        """How many meetings of this kind tables are left for."""
        return min((room[slot] for room in self._pools[meeting.id]), default=1)

    def take(self, meeting: Meeting, slot: int) -> None:
        """Place this meeting."""
        self.slots[meeting.id] = slot
        for room in self._pools[meeting.id]:
            room[slot] -= 1
        for who in meeting.participants:
            rest = self._problem.people[who].rest
            self._busy[who].update(near for near in self._day[slot] if abs(near - slot) <= rest)
            left = self._left[who]
            self._left[who] = None if left is None else left - 1

    def fill(self, meetings: Iterable[Meeting], known: Mapping[str, int]) -> None:
        """Place in turn whatever there is room for, must-meets first, then those with the fewest slots; where it was, if known."""
        for meeting in sorted(meetings, key=lambda one: (not one.must, len(self.of(one)))):
            there = self.of(meeting)
            if there:
                self.take(meeting, known[meeting.id] if known.get(meeting.id) in there else there[0])
