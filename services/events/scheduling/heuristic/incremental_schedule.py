"""A schedule that changes move by move: the busy slots of participants, the load of tables, and the cost of a move."""

from collections.abc import Iterable, Mapping

from services.events.scheduling.problem import Problem
from services.events.scheduling.tables.eligibility import TableEligibility

UNPLACED = -1
UNFAIRNESS_COST = 20
"""The cost of a break beyond the fairness cap, in breaks."""
MAX_CACHED_COSTS = 1_000_000

Move = list[tuple[int, int]]
"""Meetings by index, each with the slot it moves to."""


class IncrementalSchedule:
    """Participants, meetings and slots are indices from 0. Every hard constraint always holds except fairness, which has a cost.

    `slot_of` is the slot of each meeting, or UNPLACED. A participant's busy slots are the bits of one number, with a gap between
    days so that adjacent bits are consecutive slots of one day. `cost` counts breaks and unfairness, given that the fewest breaks
    of a participant are `lowest`.
    """

    def __init__(self, problem: Problem, lowest: int = 0) -> None:
        self.problem = problem
        self.size = len(problem.slots)
        participant_index = {participant.id: index for index, participant in enumerate(problem.participants)}
        meeting_index = {meeting.id: index for index, meeting in enumerate(problem.meetings)}
        eligibility = TableEligibility(problem)
        self.participants = [tuple(participant_index[id] for id in meeting.participants) for meeting in problem.meetings]
        self.meetings = [
            [meeting_index[meeting.id] for meeting in problem.meetings_of[participant.id]] for participant in problem.participants
        ]
        self.open_slots = [
            tuple(slot - 1 for slot in eligibility.slots(meeting) if meeting.fixed_slot in (None, slot))
            for meeting in problem.meetings
        ]
        self.open_slot_sets = [frozenset(slots) for slots in self.open_slots]
        self.min_gap = [participant.min_gap for participant in problem.participants]
        self.max_meetings = [
            len(problem.slots) if participant.max_meetings is None else participant.max_meetings
            for participant in problem.participants
        ]
        gap = 1 + max(self.min_gap, default=0)
        days = {day: index for index, day in enumerate(dict.fromkeys(slot.day for slot in problem.slots))}
        self.bit = [1 << (slot.number + gap * days[slot.day]) for slot in problem.slots]
        self._day_masks = [sum(self.bit[number - 1] for number in day) for day in problem.days]
        self.predecessors: dict[int, list[int]] = {}
        self.successors: dict[int, list[int]] = {}
        for meeting in problem.meetings:
            for predecessor in meeting.predecessors:
                self.predecessors.setdefault(meeting_index[meeting.id], []).append(meeting_index[predecessor])
                self.successors.setdefault(meeting_index[predecessor], []).append(meeting_index[meeting.id])
        # Load and capacity of a pool's tables in a slot are at `pool * size + slot`.
        self.pools_of: list[list[int]] = [[] for _ in problem.meetings]
        self.pool_members: list[list[int]] = []
        self.capacity: list[int] = []
        for index, pool in enumerate(eligibility.pools()):
            self.pool_members.append([meeting_index[meeting.id] for meeting in pool.meetings])
            self.capacity += [pool.capacity[slot.number] for slot in problem.slots]
            for member in self.pool_members[-1]:
                self.pools_of[member].append(index)
        self.load = [0] * len(self.capacity)
        self.slot_of = [UNPLACED] * len(self.participants)
        # The meeting of a participant in a slot is at `participant * size + slot`.
        self.meeting_at = [UNPLACED] * (len(self.meetings) * self.size)
        self.busy = [0] * len(self.meetings)
        self._max_breaks = problem.fairness + lowest
        self._lowest = lowest
        self._costs: dict[int, int] = {0: 0}

    def breaks(self, busy: int) -> int:
        """The breaks of a participant busy in these slots: groups of consecutive slots, less one per day."""
        return (busy & ~(busy << 1)).bit_count() - sum(1 for mask in self._day_masks if busy & mask)

    def cost(self, busy: int) -> int:
        """Breaks, and the cost of unfair ones."""
        cost = self._costs.get(busy)
        if cost is None:
            breaks = self.breaks(busy)
            cost = breaks + UNFAIRNESS_COST * (max(0, breaks - self._max_breaks) + max(0, self._lowest - breaks))
            if len(self._costs) > MAX_CACHED_COSTS:
                self._costs.clear()
                self._costs[0] = 0
            self._costs[busy] = cost
        return cost

    def total_cost(self) -> int:
        """The cost of all participants."""
        return sum(map(self.cost, self.busy))

    def kempe_chain(self, meeting: int, target: int, other_slot: int) -> Move | None:
        """Move a meeting to `target`, and every meeting in conflict with a moved one between `target` and `other_slot`.

        The meetings of two slots form disjoint such chains. `other_slot` is the meeting's own slot where it has one. None where
        a hard constraint forbids the move.
        """
        participants, meeting_at, size, open_slots = self.participants, self.meeting_at, self.size, self.open_slot_sets
        is_unplaced = self.slot_of[meeting] == UNPLACED
        move = [(meeting, target)]
        moved = {meeting}
        for current, destination in move:  # grows as conflicts are found
            if destination not in open_slots[current]:
                return None
            source = other_slot if destination == target else target
            for participant in participants[current]:
                conflicting = meeting_at[participant * size + destination]
                if conflicting >= 0 and conflicting not in moved:
                    moved.add(conflicting)
                    move.append((conflicting, source))
            if (
                is_unplaced
                and destination == target
                and current != meeting
                and not set(participants[current]).isdisjoint(participants[meeting])
            ):
                return None
        return move if self.keeps_precedences(move) else None

    def keeps_precedences(self, move: Move) -> bool:
        """Whether all precedences hold after this move."""
        if not self.predecessors:
            return True
        moved = dict(move)
        return all(self._keeps_precedences(meeting, target, moved) for meeting, target in move)

    def overload_change(self, move: Move) -> int:
        """By how much this move raises the number of meetings without a table."""
        load_change: dict[int, int] = {}
        for meeting, target in move:
            source = self.slot_of[meeting]
            for pool in self.pools_of[meeting]:
                start = pool * self.size
                load_change[start + target] = load_change.get(start + target, 0) + 1
                if source >= 0:
                    load_change[start + source] = load_change.get(start + source, 0) - 1
        load, capacity = self.load, self.capacity
        change = 0
        for cell, more in load_change.items():
            if more:
                overload = load[cell] - capacity[cell]
                change += max(0, overload + more) - max(0, overload)
        return change

    def busy_after(self, move: Move) -> dict[int, int] | None:
        """The busy slots of every participant whom a move changes; None where somebody's smallest gap is not kept."""
        bit, busy, slot_of = self.bit, self.busy, self.slot_of
        changed: dict[int, int] = {}
        for meeting, target in move:
            source = slot_of[meeting]
            toggled = bit[target] ^ bit[source] if source >= 0 else bit[target]
            for participant in self.participants[meeting]:
                changed[participant] = changed.get(participant, busy[participant]) ^ toggled
        for participant, after in changed.items():
            gap = self.min_gap[participant]
            if gap and any(after & (after >> distance) for distance in range(1, gap + 1)):
                return None
        return changed

    def apply(self, move: Iterable[tuple[int, int]]) -> None:
        """Make a move that keeps the constraints; UNPLACED removes a meeting."""
        move = list(move)
        for meeting, _ in move:
            self._remove(meeting)
        for meeting, target in move:
            if target >= 0:
                self._insert(meeting, target)

    def slots(self) -> dict[str, int]:
        """The slot of each placed meeting, by their ids and numbers."""
        return {meeting.id: slot + 1 for meeting, slot in zip(self.problem.meetings, self.slot_of, strict=True) if slot != UNPLACED}

    def _remove(self, meeting: int) -> None:
        source = self.slot_of[meeting]
        if source < 0:
            return
        self.slot_of[meeting] = UNPLACED
        for participant in self.participants[meeting]:
            self.meeting_at[participant * self.size + source] = UNPLACED
            self.busy[participant] ^= self.bit[source]
        for pool in self.pools_of[meeting]:
            self.load[pool * self.size + source] -= 1

    def _insert(self, meeting: int, target: int) -> None:
        self.slot_of[meeting] = target
        for participant in self.participants[meeting]:
            self.meeting_at[participant * self.size + target] = meeting
            self.busy[participant] ^= self.bit[target]
        for pool in self.pools_of[meeting]:
            self.load[pool * self.size + target] += 1

    def _keeps_precedences(self, meeting: int, target: int, moved: Mapping[int, int]) -> bool:
        """Whether a slot is later than those of the predecessors, and earlier than those of the successors."""
        before = (moved.get(predecessor, self.slot_of[predecessor]) for predecessor in self.predecessors.get(meeting, ()))
        after = (moved.get(successor, self.slot_of[successor]) for successor in self.successors.get(meeting, ()))
        return all(slot < target for slot in before) and all(slot == UNPLACED or slot > target for slot in after)
