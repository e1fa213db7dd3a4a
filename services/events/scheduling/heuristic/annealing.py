"""Fewer breaks by many small swaps: simulated annealing over chains of meetings between two slots.

A chain changes the busy slots of few people (the two at its ends, where meetings are of two) and nobody else's. For a while
there may be more meetings in a slot than tables: where all tables are taken, little could move else.
"""

import math
import random
from collections.abc import Callable, Sequence

from services.events.scheduling.heuristic.incremental_schedule import NOWHERE, Grid, Move

WARM, COLD = 0.15, 0.1
"""Temperatures, in breaks: the first and the last. Measured on 5,000 meetings in 36 slots: warmer starts end worse."""
LIGHT, HEAVY = 0.3, 1.5
"""What a meeting without a table costs, in breaks, at first and at last."""
ELSEWHERE = 0.15
"""How often somebody is moved who has no break to lose."""
LOOK = 256
"""Steps between two looks at the clock."""


class Polish:
    """Improves one grid. `best` is the least cost seen with a table for every meeting; `least` is what each person has at least."""

    def __init__(self, grid: Grid, least: Sequence[int], chance: random.Random) -> None:
        self._grid = grid
        self._least = least
        self._chance = chance
        self._bad: list[int] = []
        self._rank: dict[int, int] = {}
        self._movable = [who for who, mine in enumerate(grid.meetings) if any(len(grid.open[one]) > 1 for one in mine)]
        self.settle()

    def run(self, steps: int, target: int, goes_on: Callable[[], bool]) -> None:
        """Anneal for so many steps, or until the cost is at the target; the grid is left at its best."""
        for step in range(0, steps, LOOK):
            if self.best <= target or not self._movable or not goes_on():
                break
            done = step / steps
            warmth, weight = WARM * (COLD / WARM) ** done, LIGHT * (HEAVY / LIGHT) ** done
            for _ in range(LOOK):
                self._step(warmth, weight)
        grid = self._grid
        grid.apply([(one, slot) for one, slot in enumerate(self._slot_of) if grid.slot_of[one] != slot])
        self.settle()

    def settle(self) -> None:
        """Begin again from the grid as it is."""
        grid = self._grid
        self._now = self.best = grid.total()
        self._crowd = 0
        self._slot_of = list(grid.slot_of)
        for who in range(len(grid.meetings)):
            self._mark(who)

    def _step(self, warmth: float, weight: float) -> None:
        grid = self._grid
        allowed = -warmth * math.log(1.0 - self._chance.random())
        move = self._chosen(allowed)
        changed = None if move is None else grid.outcome(move)
        if move is None or changed is None:
            return
        crowd = grid.crowding(move)
        more = sum([grid.cost(then) - grid.cost(grid.busy[who]) for who, then in changed.items()])
        if more + weight * crowd > allowed:
            return
        grid.apply(move)
        self._now += more
        self._crowd += crowd
        for who in changed:
            self._mark(who)
        if self._now < self.best and not self._crowd:
            self.best, self._slot_of = self._now, list(grid.slot_of)

    def _chosen(self, allowed: float) -> Move | None:
        """A meeting of somebody, mostly of one who has a break to lose, to a slot in which they are idle."""
        grid, chance = self._grid, self._chance
        among = self._bad if self._bad and chance.random() > ELSEWHERE else self._movable
        who = among[int(chance.random() * len(among))]
        mine = grid.meetings[who]
        meeting = mine[int(chance.random() * len(mine))]
        here, choices = grid.slot_of[meeting], grid.open[meeting]
        if here == NOWHERE:
            return None
        there = choices[int(chance.random() * len(choices))]
        if grid.at[who * grid.size + there] != NOWHERE:
            return None
        now = grid.busy[who]
        if grid.cost(now ^ grid.bit[here] ^ grid.bit[there]) - grid.cost(now) > allowed + 1:
            return None
        return grid.chain(meeting, there, here)

    def _mark(self, who: int) -> None:
        """Keep the list of people with more breaks than they must have."""
        is_bad = self._grid.cost(self._grid.busy[who]) > self._least[who]
        if is_bad and who not in self._rank:
            self._rank[who] = len(self._bad)
            self._bad.append(who)
        elif not is_bad and who in self._rank:
            place, last = self._rank.pop(who), self._bad.pop()
            if last != who:
                self._bad[place] = last
                self._rank[last] = place
