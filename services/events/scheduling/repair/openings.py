"""The slots that are open to meetings without a place while all others stay, and a first choice among them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from services.events.scheduling.problem import Meeting, Problem
from services.events.scheduling.tables.eligibility import TableEligibility


class Openings:
    """The slots open to a meeting: its participants are free, with their gaps and limits, and a table is left.

    Tables are counted by pools: the meetings of a slot may have to exchange theirs so that all have one.
    """

    def __init__(self, problem: Problem, slots: Mapping[str, int]) -> None:
        self.slots: dict[str, int] = {}
        self._problem = problem
        self._eligibility = TableEligibility(problem)
        self._day_of = {slot: day for day in problem.days for slot in day}
        self._blocked: dict[str, set[int]] = {participant.id: set() for participant in problem.participants}
        self._meetings_left = {participant.id: participant.max_meetings for participant in problem.participants}
        # The remaining capacity of each pool, by the meetings in it: one mapping shared by all of them.
        self._pools_of: dict[str, list[dict[int, int]]] = defaultdict(list)
        for pool in self._eligibility.pools():
            remaining = dict(pool.capacity)
            for meeting in pool.meetings:
                self._pools_of[meeting.id].append(remaining)
        self._successors: dict[str, list[str]] = defaultdict(list)
        for meeting in problem.meetings:
            for predecessor in meeting.predecessors:
                self._successors[predecessor].append(meeting.id)
        for meeting in problem.meetings:
            if meeting.id in slots:
                self.take(meeting, slots[meeting.id])

    def open_slots(self, meeting: Meeting) -> list[int]:
        """The slots that are open to this meeting."""
        participants = meeting.participants
        if any(self._meetings_left[id] == 0 for id in participants):
            return []
        earliest = max((self.slots[id] for id in meeting.predecessors if id in self.slots), default=0)
        latest = min((self.slots[id] for id in self._successors[meeting.id] if id in self.slots), default=len(self._day_of) + 1)
        return [
            slot
            for slot in self._eligibility.slots(meeting)
            if earliest < slot < latest
            and meeting.fixed_slot in (None, slot)
            and self.tables_left(meeting, slot) > 0
            and not any(slot in self._blocked[id] for id in participants)
        ]

    def tables_left(self, meeting: Meeting, slot: int) -> int:
        """The number of meetings like this one that tables are left for."""
        return min((remaining[slot] for remaining in self._pools_of[meeting.id]), default=1)

    def take(self, meeting: Meeting, slot: int) -> None:
        """Place this meeting."""
        self.slots[meeting.id] = slot
        for remaining in self._pools_of[meeting.id]:
            remaining[slot] -= 1
        for id in meeting.participants:
            gap = self._problem.participant_by_id[id].min_gap
            self._blocked[id].update(near for near in self._day_of[slot] if abs(near - slot) <= gap)
            left = self._meetings_left[id]
            self._meetings_left[id] = None if left is None else left - 1

    def fill(self, meetings: Iterable[Meeting], preferred: Mapping[str, int]) -> None:
        """Place meetings in turn where a slot is open: mandatory ones first, then those with the fewest slots; in their preferred
        slot if it is open."""
        for meeting in sorted(meetings, key=lambda candidate: (not candidate.mandatory, len(self.open_slots(candidate)))):
            slots = self.open_slots(meeting)
            if slots:
                self.take(meeting, preferred[meeting.id] if preferred.get(meeting.id) in slots else slots[0])
