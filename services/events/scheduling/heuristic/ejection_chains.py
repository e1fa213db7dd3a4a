"""Inserts meetings into a schedule one by one; one that finds no place ejects others, which are inserted elsewhere."""

import math
import random
from collections.abc import Callable, Iterable

from services.events.scheduling.heuristic.incremental_schedule import UNPLACED, IncrementalSchedule, Move

MANDATORY_COST = 1000
"""The cost of ejecting a mandatory or fixed meeting; any other costs 1 at first."""
EJECTED_COST_INCREASE = 0.5
"""How much dearer a meeting becomes each time it is ejected."""
REPEATED_PLACE_COST = 3
"""How much dearer a slot becomes each time a meeting was put there by ejecting others."""

ScoredMove = tuple[float, float, Move]
"""A move with its cost, and the load of the fullest pool in its slot."""


class Insertion:
    """Inserts meetings into one schedule. Deterministic for one seed, except for the time it gets."""

    def __init__(self, schedule: IncrementalSchedule, generator: random.Random) -> None:
        self._schedule = schedule
        self._random = generator
        self._ejection_cost = [
            float(MANDATORY_COST) if meeting.mandatory or meeting.fixed_slot is not None else 1.0
            for meeting in schedule.problem.meetings
        ]
        self._times_forced: dict[tuple[int, int], int] = {}

    def insert_greedily(self, meetings: Iterable[int]) -> list[int]:
        """Insert fixed meetings first, then those of the busiest participants; returns those that found no place."""
        schedule = self._schedule
        tightness = [
            len(meetings_of) / max(1, len({slot for meeting in meetings_of for slot in schedule.open_slots[meeting]}))
            for meetings_of in schedule.meetings
        ]

        def urgency(index: int) -> tuple[bool, bool, float]:
            meeting = schedule.problem.meetings[index]
            pressure = sum(tightness[participant] ** 2 for participant in schedule.participants[index])
            return meeting.fixed_slot is None, not meeting.mandatory, -pressure

        return [meeting for meeting in sorted(meetings, key=urgency) if not self.insert(meeting)]

    def insert(self, meeting: int, below: float = math.inf) -> bool:
        """Insert a meeting where it costs least, and less than `below`; by a Kempe chain where no slot is free."""
        if self._is_at_limit(meeting):
            return False
        moves = self._free_moves(meeting, self._schedule.open_slots[meeting]) or self._kempe_moves(meeting)
        cost, _, move = min(moves, default=(below, 0.0, []), key=lambda scored: scored[:2])
        if cost >= below:
            return False
        self._schedule.apply(move)
        return True

    def insert_in(self, meeting: int, slots: Iterable[int]) -> bool:
        """Insert a meeting in one of these slots, if one is free."""
        possible = self._schedule.open_slot_sets[meeting].intersection(slots)
        moves = [] if self._is_at_limit(meeting) else self._free_moves(meeting, possible)
        if moves:
            self._schedule.apply(min(moves, key=lambda scored: scored[:2])[2])
        return bool(moves)

    def insert_by_ejection(self, left_out: Iterable[int], keep_going: Callable[[int], bool]) -> list[int]:
        """Insert meetings by ejecting others while `keep_going(steps done)`; returns those left out in the best schedule."""
        schedule = self._schedule
        queue = list(left_out)
        best, best_state = self._priority(queue), (list(queue), list(schedule.slot_of))
        step = 0
        while queue and keep_going(step):
            step += 1
            meeting = queue.pop(self._random.randrange(len(queue)))
            if not self.insert(meeting):
                queue += self._eject_for(meeting)
            if (priority := self._priority(queue)) < best:
                best, best_state = priority, (list(queue), list(schedule.slot_of))
        remaining, slot_of = best_state
        schedule.apply([(meeting, slot) for meeting, slot in enumerate(slot_of) if schedule.slot_of[meeting] != slot])
        return remaining

    def _priority(self, left_out: list[int]) -> tuple[int, int]:
        meetings = self._schedule.problem.meetings
        urgent = sum(meetings[index].mandatory or meetings[index].fixed_slot is not None for index in left_out)
        return urgent, len(left_out)

    def _free_moves(self, meeting: int, slots: Iterable[int]) -> list[ScoredMove]:
        """Moves to slots in which all participants are free."""
        schedule = self._schedule
        moves = []
        for slot in slots:
            if any(schedule.meeting_at[id * schedule.size + slot] != UNPLACED for id in schedule.participants[meeting]):
                continue
            cells = [pool * schedule.size + slot for pool in schedule.pools_of[meeting]]
            load = max((schedule.load[cell] / max(1, schedule.capacity[cell]) for cell in cells), default=0.0)
            moves += self._scored([(meeting, slot)] if schedule.keeps_precedences([(meeting, slot)]) else None, load)
        return moves

    def _kempe_moves(self, meeting: int) -> list[ScoredMove]:
        """Kempe chains between two slots that make room for the meeting in one of them."""
        schedule = self._schedule
        return [
            scored
            for target in schedule.open_slots[meeting]
            for other_slot in range(schedule.size)
            if other_slot != target
            for scored in self._scored(schedule.kempe_chain(meeting, target, other_slot), 0.0)
        ]

    def _scored(self, move: Move | None, load: float) -> list[ScoredMove]:
        """The move with its cost, where it keeps the constraints."""
        schedule = self._schedule
        changed = None if move is None or schedule.overload_change(move) > 0 else schedule.busy_after(move)
        if move is None or changed is None:
            return []
        return [(sum(schedule.cost(after) - schedule.cost(schedule.busy[id]) for id, after in changed.items()), load, move)]

    def _eject_for(self, meeting: int) -> list[int]:
        """Insert a meeting where the ejected ones cost least, and return these; the meeting itself where no slot is possible."""
        schedule = self._schedule
        choices = []
        for slot in schedule.open_slots[meeting]:
            conflicting = self._conflicting(meeting, slot)
            if conflicting is not None:
                cost = sum(self._ejection_cost[index] for index in conflicting)
                cost += REPEATED_PLACE_COST * self._times_forced.get((meeting, slot), 0)
                choices.append((cost, self._random.random(), slot, conflicting))
        if not choices:
            return [meeting]
        _, _, slot, conflicting = min(choices)
        ejected = sorted(conflicting)
        schedule.apply([(index, UNPLACED) for index in ejected])
        if schedule.overload_change([(meeting, slot)]) > 0:
            at_table = self._cheapest_at_needed_table(meeting, slot)
            if at_table is None:
                return [meeting, *ejected]
            schedule.apply([(at_table, UNPLACED)])
            ejected.append(at_table)
        if schedule.overload_change([(meeting, slot)]) > 0:
            return [meeting, *ejected]
        schedule.apply([(meeting, slot)])
        self._times_forced[meeting, slot] = self._times_forced.get((meeting, slot), 0) + 1
        for index in ejected:
            self._ejection_cost[index] += EJECTED_COST_INCREASE
        return ejected

    def _conflicting(self, meeting: int, slot: int) -> set[int] | None:
        """The meetings of the same participants in or too near this slot, and those out of order; None if one is fixed."""
        schedule = self._schedule
        if self._is_at_limit(meeting):
            return None
        conflicting = set()
        day = schedule.problem.slots[slot].day
        for participant in schedule.participants[meeting]:
            gap = schedule.min_gap[participant]
            for near in range(max(0, slot - gap), min(schedule.size, slot + gap + 1)):
                neighbour = schedule.meeting_at[participant * schedule.size + near]
                if neighbour != UNPLACED and schedule.problem.slots[near].day == day:
                    conflicting.add(neighbour)
        conflicting |= {index for index in schedule.predecessors.get(meeting, ()) if schedule.slot_of[index] >= slot}
        conflicting |= {index for index in schedule.successors.get(meeting, ()) if UNPLACED != schedule.slot_of[index] <= slot}
        return None if any(schedule.problem.meetings[index].fixed_slot is not None for index in conflicting) else conflicting

    def _cheapest_at_needed_table(self, meeting: int, slot: int) -> int | None:
        """A meeting to eject from the tables that this one needs."""
        schedule = self._schedule
        for pool in schedule.pools_of[meeting]:
            cell = pool * schedule.size + slot
            if schedule.load[cell] >= schedule.capacity[cell]:
                members = [
                    index
                    for index in schedule.pool_members[pool]
                    if schedule.slot_of[index] == slot and schedule.problem.meetings[index].fixed_slot is None
                ]
                return min(members, key=lambda index: (self._ejection_cost[index], self._random.random()), default=None)
        return None

    def _is_at_limit(self, meeting: int) -> bool:
        """Whether a participant has as many meetings as allowed."""
        schedule = self._schedule
        return any(schedule.busy[id].bit_count() >= schedule.max_meetings[id] for id in schedule.participants[meeting])
