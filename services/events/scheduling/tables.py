"""Which table each meeting takes: slot by slot, where possible the table its participants come from."""

from collections.abc import Mapping
from itertools import pairwise

from services.events.scheduling.problem import Meeting, Problem


def assign_tables(problem: Problem, slots: Mapping[str, int]) -> dict[str, int]:
    """Give each placed meeting a table from 1. Changes are kept low by a greedy choice, not proven minimal."""
    table_of: dict[str, int] = {}
    last: dict[str, int] = {}
    for slot in problem.slots:
        here = [meeting for meeting in problem.meetings if slots.get(meeting.id) == slot.number]
        free = set(range(1, problem.tables + 1))
        for meeting in sorted(here, key=lambda meeting: -_shared_table(meeting, last)):
            wanted = [last[who] for who in meeting.participants if last.get(who) in free]
            others = {last.get(who) for later in here if later.id not in table_of for who in later.participants}
            table = wanted[0] if wanted else min(free - others, default=min(free))
            free.remove(table)
            table_of[meeting.id] = table
        for meeting in here:
            for who in meeting.participants:
                last[who] = table_of[meeting.id]
    return table_of


def count_table_changes(problem: Problem, slots: Mapping[str, int], tables: Mapping[str, int]) -> int:
    """How often a participant's next meeting is at another table, over all participants."""
    changes = 0
    for meetings in problem.meetings_of.values():
        mine = sorted((slots[meeting.id], tables[meeting.id]) for meeting in meetings if meeting.id in slots)
        changes += sum(one[1] != other[1] for one, other in pairwise(mine))
    return changes


def _shared_table(meeting: Meeting, last: Mapping[str, int]) -> int:
    """2 where both come from the same table, 1 where somebody comes from one, 0 where it is the first for both."""
    first, second = (last.get(who) for who in meeting.participants)
    return 2 if first is not None and first == second else int(first is not None or second is not None)
