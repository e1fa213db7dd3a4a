"""Which table each meeting takes, so that people move as rarely as possible."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypeVar

from services.events.scheduling.metrics import consecutive
from services.events.scheduling.problem import Meeting, Problem
from services.events.scheduling.tables.eligibility import Places

Key = TypeVar("Key", int, str)
KEEP, STAY = 1_000, 8
"""What it is worth to keep a known table, and to seat somebody where they were; against leaving free for one person who is
absent the table they will come back to."""
NOWHERE: Mapping[str, int] = {}


def assign_tables(problem: Problem, slots: Mapping[str, int], known: Mapping[str, int] = NOWHERE) -> dict[str, int]:
    """Give each placed meeting a table, slot by slot, each time keeping as many people where they were as possible.

    Without breaks this is the fewest changes for these slots: whoever met in the slot before sits at different tables, so no
    choice there takes one away here. Where it is possible, a meeting with a `known` table keeps it before anything else.
    """
    places = Places(problem)
    table_of: dict[str, int] = {}
    for day in problem.days:
        last: dict[str, int] = {}
        for slot in day:
            here = [meeting for meeting in problem.meetings if slots.get(meeting.id) == slot]
            seated = {who for meeting in here for who in meeting.participants}
            absent = Counter(table for who, table in last.items() if who not in seated)
            worth = [
                {
                    table: KEEP * (known.get(meeting.id) == table) + STAY * _stays(meeting, last, table) - absent[table]
                    for table in places.tables(meeting, slot)
                }
                for meeting in here
            ]
            for meeting, table in zip(here, best_matching(worth), strict=True):
                assert table is not None, "the pools leave a table for every meeting"
                table_of[meeting.id] = table
                last.update(dict.fromkeys(meeting.participants, table))
    return table_of


def table_changes_bound(problem: Problem, slots: Mapping[str, int]) -> int:
    """No choice of tables for these slots has fewer changes.

    Of the meetings in two slots in a row a table holds one each: a matching. A meeting may leave its table to one that keeps
    nobody, where others keep more people so. Who has a break might always return.
    """
    pairs = Counter(consecutive(problem, slots))
    changes = sum(pairs.values())
    worth: dict[int, dict[str, dict[str, int]]] = {}
    for (one, other), people in pairs.items():
        if slots[other] > slots[one] + 1:
            changes -= people
        else:
            worth.setdefault(slots[one], {}).setdefault(one, {})[other] = people
    for links in worth.values():
        matched = zip(links.values(), best_matching(list(links.values()), as_many=False), strict=True)
        changes -= sum(link[other] for link, other in matched if other is not None)
    return max(0, changes)


def best_matching(worth: Sequence[Mapping[Key, int]], as_many: bool = True) -> list[Key | None]:
    """Match rows to different columns, as many as possible, at the highest total worth; None for a row without one.

    Unless `as_many` are wanted, a row stays without one where the others are worth more so.
    """
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # an idle service must not load it

    columns = sorted({column for row in worth for column in row})
    node = {column: 1 + len(worth) + position for position, column in enumerate(columns)}
    sink = 1 + len(worth) + len(columns)
    flow = SimpleMinCostFlow()
    links = {}
    for position, row in enumerate(worth, start=1):
        flow.add_arc_with_capacity_and_unit_cost(0, position, 1, 0)
        if not as_many:
            flow.add_arc_with_capacity_and_unit_cost(position, sink, 1, 0)
        for column, value in row.items():
            links[flow.add_arc_with_capacity_and_unit_cost(position, node[column], 1, -value)] = position - 1, column
    for column in columns:
        flow.add_arc_with_capacity_and_unit_cost(node[column], sink, 1, 0)
    flow.set_node_supply(0, len(worth))
    flow.set_node_supply(sink, -len(worth))
    matched: list[Key | None] = [None] * len(worth)
    if links and flow.solve_max_flow_with_min_cost() == flow.OPTIMAL:
        for link, (row_number, column) in links.items():
            if flow.flow(link):
                matched[row_number] = column
    return matched


def _stays(meeting: Meeting, last: Mapping[str, int], table: int) -> int:
    return sum(last.get(who) == table for who in meeting.participants)
