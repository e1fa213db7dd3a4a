"""The measures of a schedule: breaks, idle slots, table changes, changes against a published schedule."""

from collections.abc import Iterator, Mapping
from itertools import pairwise

from services.events.scheduling.problem import Problem


def count_breaks(problem: Problem, slots: Mapping[str, int]) -> int:
    """The breaks of all participants: pairs of consecutive meetings on one day with an idle slot between them at least."""
    return sum(later > earlier + 1 for earlier, later in _consecutive_slots(problem, slots))


def count_idle_slots(problem: Problem, slots: Mapping[str, int]) -> int:
    """The idle slots of all participants between two of their meetings on one day."""
    return sum(later - earlier - 1 for earlier, later in _consecutive_slots(problem, slots))


def count_table_changes(problem: Problem, slots: Mapping[str, int], tables: Mapping[str, int]) -> int:
    """How often a participant's next meeting of the day is at another table, over all participants."""
    return sum(tables[earlier] != tables[later] for earlier, later in consecutive_meetings(problem, slots))


def consecutive_meetings(problem: Problem, slots: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """The pairs of consecutive meetings of each participant on one day; a pair occurs once per participant in both."""
    day = {slot.number: slot.day for slot in problem.slots}
    for meetings in problem.meetings_of.values():
        attended = sorted((slots[meeting.id], meeting.id) for meeting in meetings if meeting.id in slots)
        for (earlier_slot, earlier), (later_slot, later) in pairwise(attended):
            if day[earlier_slot] == day[later_slot]:
                yield earlier, later


def _consecutive_slots(problem: Problem, slots: Mapping[str, int]) -> Iterator[tuple[int, int]]:
    return ((slots[earlier], slots[later]) for earlier, later in consecutive_meetings(problem, slots))


def count_changed_meetings(published: Mapping[str, int], slots: Mapping[str, int]) -> int:
    """How many published meetings are no longer in their slot."""
    return sum(slots.get(meeting) != slot for meeting, slot in published.items())


def count_affected_participants(problem: Problem, published: Mapping[str, int], slots: Mapping[str, int]) -> int:
    """How many participants have a published meeting that is no longer in its slot."""
    changed = [meeting for meeting in problem.meetings if slots.get(meeting.id) != published.get(meeting.id, slots.get(meeting.id))]
    return len({participant_id for meeting in changed for participant_id in meeting.participants})
