"""What is counted in a schedule: breaks, idle slots, moves from table to table."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from services.events.scheduling.problem import Problem


def count_breaks(problem: Problem, slots: Mapping[str, int]) -> int:
    """The breaks of all participants: pairs of consecutive meetings of one day with an idle slot between them at least."""
    return sum(after > before + 1 for before, after in _neighbours(problem, slots))


def count_idle(problem: Problem, slots: Mapping[str, int]) -> int:
    """The idle slots of all participants between two of their meetings on one day."""
    return sum(after - before - 1 for before, after in _neighbours(problem, slots))


def count_table_changes(problem: Problem, slots: Mapping[str, int], tables: Mapping[str, int]) -> int:
    """How often a participant's next meeting of the day is at another table, over all participants."""
    return sum(tables[one] != tables[other] for one, other in consecutive(problem, slots))


def consecutive(problem: Problem, slots: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """The meetings that follow each other for somebody on one day; a pair occurs once for each participant it is so for."""
    day = {slot.number: slot.day for slot in problem.slots}
    for meetings in problem.meetings_of.values():
        mine = sorted((slots[meeting.id], meeting.id) for meeting in meetings if meeting.id in slots)
        for (before, one), (after, other) in pairwise(mine):
            if day[before] == day[after]:
                yield one, other


def _neighbours(problem: Problem, slots: Mapping[str, int]) -> Iterator[tuple[int, int]]:
    return ((slots[one], slots[other]) for one, other in consecutive(problem, slots))


def count_changes(published: Mapping[str, int], slots: Mapping[str, int]) -> int:
    """How many published meetings are not in their slot any more."""
    return sum(slots.get(meeting) != slot for meeting, slot in published.items())


def count_people_changed(problem: Problem, published: Mapping[str, int], slots: Mapping[str, int]) -> int:
    """How many participants have a published meeting that is not in its slot any more."""
    changed = [meeting for meeting in problem.meetings if slots.get(meeting.id) != published.get(meeting.id, slots.get(meeting.id))]
    return len({who for meeting in changed for who in meeting.participants})
