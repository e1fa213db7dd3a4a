"""The fewest breaks by counting: what each participant must have whatever the others do."""

from collections.abc import Sequence
from functools import cache

from services.events.scheduling.problem import Problem
from services.events.scheduling.tables.eligibility import Places

NEVER = 10**6
"""More breaks than anybody can have: so many meetings do not fit."""


def fewest_by_person(problem: Problem) -> dict[str, tuple[int, ...]]:
    """For each participant and number of their meetings, from none to all: the fewest breaks. NEVER where they don't fit."""
    places = Places(problem)
    slots = {one.id: [slot for slot in places.slots(one) if one.fixed in (None, slot)] for one in problem.meetings}

    @cache
    def fewest(free: frozenset[int]) -> tuple[int, ...]:
        total = [0]
        for day in problem.days:
            total = _joined(total, _in_a_day([slot in free for slot in day]))
        return tuple(total)

    found = {}
    for one in problem.participants:
        mine = problem.meetings_of[one.id]
        known = fewest(frozenset(slot for meeting in mine for slot in slots[meeting.id]))
        most = len(mine) if one.most is None else min(one.most, len(mine))
        found[one.id] = tuple(known[count] if count < len(known) and count <= most else NEVER for count in range(len(mine) + 1))
    return found


def fewest_breaks(problem: Problem, left_out: int) -> int:
    """No schedule that leaves out so many meetings has fewer breaks.

    What each has at least, added up; each meeting left out may relieve all of its participants once.
    """
    sizes = sorted((len(one.participants) for one in problem.meetings), reverse=True)
    relief = sum(sizes[:left_out])
    least = [0] * (relief + 1)
    for counts in fewest_by_person(problem).values():
        if counts[-1] == 0:
            continue
        gone = range(min(relief, left_out, len(counts) - 1) + 1)
        least = [min(least[used - one] + counts[-1 - one] for one in gone if one <= used) for used in range(relief + 1)]
    return least[-1] if least[-1] < NEVER else 0


def _in_a_day(free: Sequence[bool]) -> list[int]:
    """The fewest breaks with so many meetings in one day, for each number that fits."""
    room = sum(free)
    idle, busy = [0] + [NEVER] * room, [NEVER] * (room + 1)
    for is_free in free:
        then = [min(idle[count], busy[count]) for count in range(room + 1)]
        more = (min(idle[count] + 1, busy[count]) for count in range(room))
        busy = [NEVER, *more] if is_free else [NEVER] * (room + 1)
        idle = then
    groups = [min(idle[count], busy[count]) for count in range(room + 1)]
    return [max(0, count - 1) for count in groups]


def _joined(one: Sequence[int], other: Sequence[int]) -> list[int]:
    return [
        min(one[part] + other[count - part] for part in range(max(0, count - len(other) + 1), min(count, len(one) - 1) + 1))
        for count in range(len(one) + len(other) - 1)
    ]
