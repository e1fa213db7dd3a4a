"""Puts meetings into a grid one by one; what finds no place pushes others out, which look for another."""

import math
import random
from collections.abc import Callable, Iterable

from services.events.scheduling.heuristic.incremental_schedule import NOWHERE, Grid, Move

MUST = 1000
"""What it costs to push out a meeting that must be placed; any other costs 1 at first."""
SAME = 3
"""How much dearer it is to go again where a meeting was pushed out."""

Choice = tuple[float, float, Move]
"""A move with what it costs, and how full its slot is."""


class Filling:
    """Fills one grid. Deterministic for one seed, but for the time it gets."""

    def __init__(self, grid: Grid, chance: random.Random) -> None:
        self._grid = grid
        self._chance = chance
        meetings = grid.problem.meetings
        self._price = [float(MUST) if one.must or one.fixed is not None else 1.0 for one in meetings]
        self._tried: dict[tuple[int, int], int] = {}

    def greedily(self, meetings: Iterable[int]) -> list[int]:
        """Place these, the fixed ones first, then those of the busiest people; returns what found no place."""
        grid = self._grid
        tight = [len(mine) / max(1, len({slot for one in mine for slot in grid.open[one]})) for mine in grid.meetings]

        def urgency(one: int) -> tuple[bool, bool, float]:
            meeting = grid.problem.meetings[one]
            return meeting.fixed is None, not meeting.must, -sum(tight[who] ** 2 for who in grid.people[one])

        return [one for one in sorted(meetings, key=urgency) if not self.place(one)]

    def place(self, meeting: int, below: float = math.inf) -> bool:
        """Place a meeting where it costs the fewest breaks, and fewer than `below`; swap others between two slots if need be."""
        if self._is_full(meeting):
            return False
        choices = self._beside(meeting, self._grid.open[meeting]) or self._between(meeting)
        cost, _, move = min(choices, default=(below, 0.0, []), key=lambda choice: choice[:2])
        if cost >= below:
            return False
        self._grid.apply(move)
        return True

    def put(self, meeting: int, slots: Iterable[int]) -> bool:
        """Place a meeting in one of these slots, where nothing is in the way."""
        choices = [] if self._is_full(meeting) else self._beside(meeting, self._grid.may[meeting].intersection(slots))
        if choices:
            self._grid.apply(min(choices, key=lambda choice: choice[:2])[2])
        return bool(choices)

    def pushing(self, left_out: Iterable[int], goes_on: Callable[[int], bool]) -> list[int]:
        """Place these by pushing out others while `goes_on(steps done)`; returns what is left out at the best moment."""
        grid = self._grid
        queue = list(left_out)
        best, kept = self._worth(queue), (list(queue), list(grid.slot_of))
        step = 0
        while queue and goes_on(step):
            step += 1
            meeting = queue.pop(self._chance.randrange(len(queue)))
            if not self.place(meeting):
                queue += self._push(meeting)
            if (worth := self._worth(queue)) < best:
                best, kept = worth, (list(queue), list(grid.slot_of))
        left, slot_of = kept
        grid.apply([(one, slot) for one, slot in enumerate(slot_of) if grid.slot_of[one] != slot])
        return left

    def _worth(self, left_out: list[int]) -> tuple[int, int]:
        meetings = self._grid.problem.meetings
        return sum(meetings[one].must or meetings[one].fixed is not None for one in left_out), len(left_out)

    def _beside(self, meeting: int, slots: Iterable[int]) -> list[Choice]:
        """Slots in which nothing is in the way."""
        grid = self._grid
        found = []
        for slot in slots:
            if any(grid.at[who * grid.size + slot] != NOWHERE for who in grid.people[meeting]):
                continue
            cells = [pool * grid.size + slot for pool in grid.pools[meeting]]
            fill = max((grid.load[cell] / max(1, grid.room[cell]) for cell in cells), default=0.0)
            found += self._costed([(meeting, slot)] if grid.in_order([(meeting, slot)]) else None, fill)
        return found

    def _between(self, meeting: int) -> list[Choice]:
        """Swaps between two slots that make room in one of them."""
        grid = self._grid
        return [
            choice
            for there in grid.open[meeting]
            for here in range(grid.size)
            if here != there
            for choice in self._costed(grid.chain(meeting, there, here), 0.0)
        ]

    def _costed(self, move: Move | None, fill: float) -> list[Choice]:
        """The move with what it costs, where the rules allow it."""
        grid = self._grid
        changed = None if move is None or grid.crowding(move) > 0 else grid.outcome(move)
        if move is None or changed is None:
            return []
        return [(sum(grid.cost(then) - grid.cost(grid.busy[who]) for who, then in changed.items()), fill, move)]

    def _push(self, meeting: int) -> list[int]:
        """Put a meeting where it pushes out the least, and return what that is; itself where it can be nowhere."""
        grid = self._grid
        choices = []
        for slot in grid.open[meeting]:
            out = self._in_the_way(meeting, slot)
            if out is not None:
                price = sum(self._price[one] for one in out) + SAME * self._tried.get((meeting, slot), 0)
                choices.append((price, self._chance.random(), slot, out))
        if not choices:
            return [meeting]
        _, _, slot, out = min(choices)
        left = sorted(out)
        grid.apply([(one, NOWHERE) for one in left])
        if grid.crowding([(meeting, slot)]) > 0:
            extra = self._one_of(meeting, slot)
            if extra is None:
                return [meeting, *left]
            grid.apply([(extra, NOWHERE)])
            left.append(extra)
        if grid.crowding([(meeting, slot)]) > 0:
            return [meeting, *left]
        grid.apply([(meeting, slot)])
        self._tried[meeting, slot] = self._tried.get((meeting, slot), 0) + 1
        for one in left:
            self._price[one] += 0.5
        return left

    def _in_the_way(self, meeting: int, slot: int) -> set[int] | None:
        """The meetings of the same people at or too near this slot, and those out of order then; None if one can't go."""
        grid = self._grid
        if self._is_full(meeting):
            return None
        out = set()
        day = grid.problem.slots[slot].day
        for who in grid.people[meeting]:
            for near in range(max(0, slot - grid.rest[who]), min(grid.size, slot + grid.rest[who] + 1)):
                other = grid.at[who * grid.size + near]
                if other != NOWHERE and grid.problem.slots[near].day == day:
                    out.add(other)
        out |= {one for one in grid.before.get(meeting, ()) if grid.slot_of[one] >= slot}
        out |= {one for one in grid.after.get(meeting, ()) if NOWHERE != grid.slot_of[one] <= slot}
        return None if any(grid.problem.meetings[one].fixed is not None for one in out) else out

    def _one_of(self, meeting: int, slot: int) -> int | None:
        """A meeting that takes a table this one needs."""
        grid = self._grid
        for pool in grid.pools[meeting]:
            cell = pool * grid.size + slot
            if grid.load[cell] >= grid.room[cell]:
                inside = [
                    one for one in grid.members[pool] if grid.slot_of[one] == slot and grid.problem.meetings[one].fixed is None
                ]
                return min(inside, key=lambda one: (self._price[one], self._chance.random()), default=None)
        return None

    def _is_full(self, meeting: int) -> bool:
        """Has somebody as many meetings as they wish for?"""
        grid = self._grid
        return any(grid.busy[who].bit_count() >= grid.most[who] for who in grid.people[meeting])
