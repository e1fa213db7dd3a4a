"""Who can stay at a table from one slot to the next: what makes table changes a part of the timetable."""

from collections import defaultdict
from collections.abc import Mapping

from services.events.scheduling.problem import Problem
from services.events.scheduling.sat.encoding import Timetable
from services.events.scheduling.tables.assignment import fewest_table_changes_here

Follows = dict[tuple[str, str, int], int]
"""For a meeting, one that comes after it and its slot: a literal that holds only where the second follows at the same table."""
BUILDING = 2e-5
"""Seconds for each way in which a meeting may follow another that it takes to be written down and given to the solver; on most
machines less."""


def building_time(problem: Problem) -> float:
    """How many seconds `Walks` takes until the search can begin: about, and rather too many."""
    slots_in_a_row = sum(len(day) - 1 for day in problem.days)
    return BUILDING * slots_in_a_row * sum(len(mine) * (len(mine) - 1) for mine in problem.meetings_of.values())


class Walks(Timetable):
    """All meetings placed with so many breaks at most, and so many idle slots; `lost` holds a literal for each chance to stay.

    A meeting follows one other at its table at most, and is followed by one. Where it does, those who are in both stay. That is
    exact for tables that can be exchanged, but for who comes back to a table after a break: no break is counted as a change.
    So there are `fixed` changes and one for each literal in `lost` that holds, at least.
    """

    def __init__(self, problem: Problem, breaks: int, idle: int | None) -> None:
        super().__init__(problem)
        self._at_most(self.breaks, breaks)
        if idle is not None:
            self._at_most(self._idle_slots(), idle)
        follows = self._follows()
        stays = self._stays(follows)
        days = self._days_used() if len(problem.days) > 1 else []
        people = sum(1 for mine in problem.meetings_of.values() if mine)
        visits = sum(len(mine) for mine in problem.meetings_of.values())
        self.lost = [-literal for literal in (*stays, *days)]
        self.fixed = visits - (0 if days else people) - breaks - len(self.lost)

    def count(self, slots: Mapping[str, int]) -> int:
        """How many chances to stay these slots lose at least, as long as they have so many breaks."""
        return fewest_table_changes_here(self._problem, slots) - self.fixed

    def keep(self, changes: int) -> None:
        """Lose no more chances to stay than leaves so many table changes possible."""
        self._at_most(self.lost, changes - self.fixed)

    def moved(self, published: Mapping[str, int]) -> list[int]:
        """For each meeting that can be in its published slot, whether it is not."""
        return [-self.at[one, slot] for one, slot in published.items() if (one, slot) in self.at]

    def _follows(self) -> Follows:
        """A literal for each way in which one meeting may follow another at a table with somebody who stays."""
        follows: Follows = {}
        before: dict[tuple[str, int], list[int]] = defaultdict(list)
        after: dict[tuple[str, int], list[int]] = defaultdict(list)
        for meetings in self._problem.meetings_of.values():
            for one in meetings:
                for other in meetings:
                    for slot in self._slots_in_a_row(one.id, other.id):
                        apart = {*self._places.tables(one, slot)}.isdisjoint(self._places.tables(other, slot + 1))
                        if one is other or apart or (one.id, other.id, slot) in follows:
                            continue
                        literal = follows[one.id, other.id, slot] = self.formula.new()
                        self.formula.add(-literal, self.at[one.id, slot])
                        self.formula.add(-literal, self.at[other.id, slot + 1])
                        after[one.id, slot].append(literal)
                        before[other.id, slot].append(literal)
        for literals in (*before.values(), *after.values()):
            self.formula.at_most_one(literals)
        return follows

    def _slots_in_a_row(self, one: str, other: str) -> list[int]:
        days = self._problem.days
        return [slot for day in days for slot in day[:-1] if (one, slot) in self.at and (other, slot + 1) in self.at]

    def _stays(self, follows: Follows) -> list[int]:
        """For each meeting, whether somebody stays for it; once more for each further person two meetings share."""
        into: dict[str, list[int]] = defaultdict(list)
        along: dict[tuple[str, str], list[int]] = defaultdict(list)
        people = {one.id: set(one.participants) for one in self._problem.meetings}
        for (one, other, _), literal in follows.items():
            into[other].append(literal)
            along[one, other].append(literal)
        again = [
            self.formula.any_of(literals)
            for (one, other), literals in along.items()
            for _ in range(len(people[one] & people[other]) - 1)
        ]
        return [self.formula.any_of(literals) for literals in into.values()] + again

    def _days_used(self) -> list[int]:
        """For each participant and day, whether they meet anybody: the first meeting of a day is no change."""
        busy = (
            [self._busy[who, slot] for slot in day if (who, slot) in self._busy]
            for who in self._problem.meetings_of
            for day in self._problem.days
        )
        return [self.formula.any_of(literals) for literals in busy if literals]

    def _idle_slots(self) -> list[int]:
        """A literal for each slot in which somebody may wait between two meetings; it holds where they do."""
        found = []
        for who in self._problem.meetings_of:
            for day in self._problem.days:
                busy = [self._busy.get((who, slot)) for slot in day]
                for place in range(1, len(day) - 1):
                    before = [literal for literal in busy[:place] if literal is not None]
                    after = [literal for literal in busy[place + 1 :] if literal is not None]
                    if before and after:
                        now = busy[place]
                        waits = [self.formula.any_of(before), self.formula.any_of(after), *([] if now is None else [-now])]
                        found.append(self.formula.all_of(waits))
        return found
