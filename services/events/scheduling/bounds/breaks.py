"""A lower bound on breaks by counting: the breaks each participant must have, whatever the others do."""

from collections.abc import Sequence
from functools import cache

from services.events.scheduling.problem import Problem
from services.events.scheduling.tables.eligibility import TableEligibility

IMPOSSIBLE = 10**6
"""More breaks than possible: so many meetings do not fit."""


def fewest_breaks_by_participant(problem: Problem) -> dict[str, tuple[int, ...]]:
    """For each participant and number of their meetings, from none to all: the fewest breaks, or IMPOSSIBLE."""
    eligibility = TableEligibility(problem)
    slots_of = {
        meeting.id: [slot for slot in eligibility.slots(meeting) if meeting.fixed_slot in (None, slot)]
        for meeting in problem.meetings
    }

    @cache
    def fewest_breaks(free: frozenset[int]) -> tuple[int, ...]:
        by_count = [0]
        for day in problem.days:
            by_count = _combined(by_count, _fewest_breaks_in_day([slot in free for slot in day]))
        return tuple(by_count)

    result = {}
    for participant in problem.participants:
        meetings = problem.meetings_of[participant.id]
        by_count = fewest_breaks(frozenset(slot for meeting in meetings for slot in slots_of[meeting.id]))
        limit = len(meetings) if participant.max_meetings is None else min(participant.max_meetings, len(meetings))
        result[participant.id] = tuple(
            by_count[count] if count < len(by_count) and count <= limit else IMPOSSIBLE for count in range(len(meetings) + 1)
        )
    return result


def breaks_lower_bound(problem: Problem, left_out: int) -> int:
    """No schedule that leaves out so many meetings has fewer breaks.

    The sum of the participants' fewest breaks, where each meeting left out relieves all of its participants once.
    """
    sizes = sorted((len(meeting.participants) for meeting in problem.meetings), reverse=True)
    relief = sum(sizes[:left_out])
    fewest = [0] * (relief + 1)
    for by_count in fewest_breaks_by_participant(problem).values():
        if by_count[-1] == 0:
            continue
        relieved = range(min(relief, left_out, len(by_count) - 1) + 1)
        fewest = [
            min(fewest[used - number] + by_count[-1 - number] for number in relieved if number <= used)
            for used in range(relief + 1)
        ]
    return fewest[-1] if fewest[-1] < IMPOSSIBLE else 0


def _fewest_breaks_in_day(free: Sequence[bool]) -> list[int]:
    """The fewest breaks with a number of meetings in one day, for each number that fits.

    Dynamic programming over slots: the fewest groups of busy slots, ending idle or busy.
    """
    capacity = sum(free)
    idle, busy = [0] + [IMPOSSIBLE] * capacity, [IMPOSSIBLE] * (capacity + 1)
    for is_free in free:
        next_idle = [min(idle[count], busy[count]) for count in range(capacity + 1)]
        extended = (min(idle[count] + 1, busy[count]) for count in range(capacity))
        busy = [IMPOSSIBLE, *extended] if is_free else [IMPOSSIBLE] * (capacity + 1)
        idle = next_idle
    groups = [min(idle[count], busy[count]) for count in range(capacity + 1)]
    return [max(0, count - 1) for count in groups]


def _combined(first: Sequence[int], second: Sequence[int]) -> list[int]:
    """The fewest breaks of two days together, for each number of meetings."""
    return [
        min(first[part] + second[count - part] for part in range(max(0, count - len(second) + 1), min(count, len(first) - 1) + 1))
        for count in range(len(first) + len(second) - 1)
    ]
