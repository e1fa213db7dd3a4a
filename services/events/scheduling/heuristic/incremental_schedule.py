"""A schedule that is changed a little at a time: who is busy when, how full the tables are, and what a change costs."""

from collections.abc import Iterable, Mapping

from services.events.scheduling.problem import Problem
from services.events.scheduling.tables.eligibility import Places

NOWHERE = -1
UNFAIR = 20
"""What a break beyond the fairness cap costs, in breaks."""

Move = list[tuple[int, int]]
"""Meetings by number, each with the slot it goes to."""


class Grid:
    """People, meetings and slots are numbers from 0 here. Every hard rule always holds except fairness, which costs.

    `slot_of` says where each meeting is, NOWHERE where it is not placed. A person's busy slots are bits of one number, with
    room between the days so that neighbours in it are neighbours in time. `cost` counts breaks and what is unfair, given that
    whoever has fewest breaks has `low` of them.
    """

    def __init__(self, problem: Problem, low: int = 0) -> None:
        self.problem = problem
        self.size = len(problem.slots)
        number = {one.id: index for index, one in enumerate(problem.participants)}
        meeting_number = {one.id: index for index, one in enumerate(problem.meetings)}
        places = Places(problem)
        self.people = [tuple(number[who] for who in one.participants) for one in problem.meetings]
        self.meetings = [[meeting_number[one.id] for one in problem.meetings_of[who.id]] for who in problem.participants]
        self.open = [tuple(slot - 1 for slot in places.slots(one) if one.fixed in (None, slot)) for one in problem.meetings]
        self.may = [frozenset(slots) for slots in self.open]
        self.rest = [one.rest for one in problem.participants]
        self.most = [len(problem.slots) if one.most is None else one.most for one in problem.participants]
        gap = 1 + max(self.rest, default=0)
        days = {day: index for index, day in enumerate(dict.fromkeys(slot.day for slot in problem.slots))}
        self.bit = [1 << (slot.number + gap * days[slot.day]) for slot in problem.slots]
        self._days = [sum(self.bit[number - 1] for number in day) for day in problem.days]
        self.before: dict[int, list[int]] = {}
        self.after: dict[int, list[int]] = {}
        for one in problem.meetings:
            for earlier in one.after:
                self.before.setdefault(meeting_number[one.id], []).append(meeting_number[earlier])
                self.after.setdefault(meeting_number[earlier], []).append(meeting_number[one.id])
        self.pools: list[list[int]] = [[] for _ in problem.meetings]
        self.members: list[list[int]] = []
        self.room: list[int] = []
        for index, pool in enumerate(places.pools()):
            self.members.append([meeting_number[one.id] for one in pool.meetings])
            self.room += [pool.room[slot.number] for slot in problem.slots]
            for member in self.members[-1]:
                self.pools[member].append(index)
        self.load = [0] * len(self.room)
        self.slot_of = [NOWHERE] * len(self.people)
        self.at = [NOWHERE] * (len(self.meetings) * self.size)
        self.busy = [0] * len(self.meetings)
        self.cap = problem.fairness + low
        self._low = low
        self._costs: dict[int, int] = {0: 0}

    def breaks(self, busy: int) -> int:
        """The breaks of somebody busy in these slots: groups of neighbours, less one a day."""
        return (busy & ~(busy << 1)).bit_count() - sum(1 for day in self._days if busy & day)

    def cost(self, busy: int) -> int:
        """Breaks, and what is unfair about them."""
        known = self._costs.get(busy)
        if known is None:
            breaks = self.breaks(busy)
            known = breaks + UNFAIR * (max(0, breaks - self.cap) + max(0, self._low - breaks))
            if len(self._costs) > 1_000_000:
                self._costs.clear()
                self._costs[0] = 0
            self._costs[busy] = known
        return known

    def total(self) -> int:
        """What everybody's breaks cost together."""
        return sum(map(self.cost, self.busy))

    def chain(self, meeting: int, there: int, here: int) -> Move | None:
        """Put a meeting `there` and swap whatever is then in its way, and in the way of that, between `there` and `here`.

        What two slots hold falls apart into such chains. `here` is the meeting's own slot where it has one. None where the
        rules forbid it.
        """
        people, at, size, may = self.people, self.at, self.size, self.may
        fresh = self.slot_of[meeting] == NOWHERE
        move = [(meeting, there)]
        seen = {meeting}
        for one, target in move:
            if target not in may[one]:
                return None
            source = here if target == there else there
            for who in people[one]:
                other = at[who * size + target]
                if other >= 0 and other not in seen:
                    seen.add(other)
                    move.append((other, source))
            if fresh and target == there and one != meeting and not set(people[one]).isdisjoint(people[meeting]):
                return None
        return move if self.in_order(move) else None

    def in_order(self, move: Move) -> bool:
        """Does this move keep the order of meetings?"""
        if not self.before:
            return True
        where = dict(move)
        return all(self._in_order(one, target, where) for one, target in move)

    def crowding(self, move: Move) -> int:
        """How many more meetings than tables there would be than there are."""
        more: dict[int, int] = {}
        for one, target in move:
            source = self.slot_of[one]
            for pool in self.pools[one]:
                start = pool * self.size
                more[start + target] = more.get(start + target, 0) + 1
                if source >= 0:
                    more[start + source] = more.get(start + source, 0) - 1
        load, room = self.load, self.room
        crowd = 0
        for cell, extra in more.items():
            if extra:
                over = load[cell] - room[cell]
                crowd += max(0, over + extra) - max(0, over)
        return crowd

    def outcome(self, move: Move) -> dict[int, int] | None:
        """The busy slots of everybody whom a move changes; None where somebody would not get the rest they ask for."""
        bit, busy, slot_of = self.bit, self.busy, self.slot_of
        changed: dict[int, int] = {}
        for one, target in move:
            source = slot_of[one]
            toggled = bit[target] ^ bit[source] if source >= 0 else bit[target]
            for who in self.people[one]:
                changed[who] = changed.get(who, busy[who]) ^ toggled
        for who, then in changed.items():
            if self.rest[who] and any(then & (then >> step) for step in range(1, self.rest[who] + 1)):
                return None
        return changed

    def apply(self, move: Iterable[tuple[int, int]]) -> None:
        """Do what has been found to keep the rules; NOWHERE takes a meeting out."""
        move = list(move)
        for one, _ in move:
            self._lift(one)
        for one, target in move:
            if target >= 0:
                self._put(one, target)

    def slots(self) -> dict[str, int]:
        """The slot of each meeting that is placed, by their ids and numbers."""
        return {one.id: slot + 1 for one, slot in zip(self.problem.meetings, self.slot_of, strict=True) if slot != NOWHERE}

    def _lift(self, meeting: int) -> None:
        source = self.slot_of[meeting]
        if source < 0:
            return
        self.slot_of[meeting] = NOWHERE
        for who in self.people[meeting]:
            self.at[who * self.size + source] = NOWHERE
            self.busy[who] ^= self.bit[source]
        for pool in self.pools[meeting]:
            self.load[pool * self.size + source] -= 1

    def _put(self, meeting: int, target: int) -> None:
        self.slot_of[meeting] = target
        for who in self.people[meeting]:
            self.at[who * self.size + target] = meeting
            self.busy[who] ^= self.bit[target]
        for pool in self.pools[meeting]:
            self.load[pool * self.size + target] += 1

    def _in_order(self, meeting: int, target: int, where: Mapping[int, int]) -> bool:
        """Is this slot later than those of the meetings before it, and earlier than those of the meetings after it?"""
        before = (where.get(one, self.slot_of[one]) for one in self.before.get(meeting, ()))
        after = (where.get(one, self.slot_of[one]) for one in self.after.get(meeting, ()))
        return all(slot < target for slot in before) and all(slot == NOWHERE or slot > target for slot in after)
