"""The assignment of tables to meetings, with few table changes of participants."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypeVar

from services.events.scheduling.metrics import consecutive_meetings
from services.events.scheduling.problem import Meeting, Problem
from services.events.scheduling.tables.eligibility import TableEligibility

Column = TypeVar("Column", int, str)
PREFERRED_TABLE_WEIGHT, STAY_WEIGHT = 1_000, 8
"""The weights of a preferred table, and of seating a participant where they were last; against 1 for leaving free, per absent
participant, the table they may return to."""
NO_TABLES: Mapping[str, int] = {}


def assign_tables(problem: Problem, slots: Mapping[str, int], preferred: Mapping[str, int] = NO_TABLES) -> dict[str, int]:
    """Assign a table to each placed meeting, slot by slot, each time keeping as many participants at their table as possible.

    Without breaks this has the fewest changes for these slots: participants who met in the slot before sit at different tables,
    so that no choice there costs one here. Where possible, a meeting has its `preferred` table before anything else.
    """
    eligibility = TableEligibility(problem)
    table_of: dict[str, int] = {}
    for day in problem.days:
        last_table: dict[str, int] = {}
        for slot in day:
            meetings = [meeting for meeting in problem.meetings if slots.get(meeting.id) == slot]
            attending = {participant_id for meeting in meetings for participant_id in meeting.participants}
            absent = Counter(table for participant_id, table in last_table.items() if participant_id not in attending)
            weights = [
                {
                    table: PREFERRED_TABLE_WEIGHT * (preferred.get(meeting.id) == table)
                    + STAY_WEIGHT * _staying(meeting, last_table, table)
                    - absent[table]
                    for table in eligibility.tables(meeting, slot)
                }
                for meeting in meetings
            ]
            for meeting, table in zip(meetings, maximum_weight_matching(weights), strict=True):
                assert table is not None, "the pools leave a table for every meeting"
                table_of[meeting.id] = table
                last_table.update(dict.fromkeys(meeting.participants, table))
    return table_of


def table_changes_bound(problem: Problem, slots: Mapping[str, int]) -> int:
    """No assignment of tables to these slots has fewer changes.

    A table holds one meeting of each of two consecutive slots: a matching of meetings, weighted by the participants in both. A
    meeting may stay unmatched where the others weigh more so. Participants with a break are assumed to return to their table.
    """
    shared = Counter(consecutive_meetings(problem, slots))
    changes = sum(shared.values())
    by_slot: dict[int, dict[str, dict[str, int]]] = {}
    for (earlier, later), participants in shared.items():
        if slots[later] > slots[earlier] + 1:
            changes -= participants
        else:
            by_slot.setdefault(slots[earlier], {}).setdefault(earlier, {})[later] = participants
    for followers in by_slot.values():
        matching = maximum_weight_matching(list(followers.values()), match_all=False)
        changes -= sum(weights[later] for weights, later in zip(followers.values(), matching, strict=True) if later is not None)
    return max(0, changes)


def maximum_weight_matching(weights: Sequence[Mapping[Column, int]], match_all: bool = True) -> list[Column | None]:
    """Match rows to different columns, as many as possible, with the highest total weight; None for an unmatched row.

    Unless `match_all`, a row may stay unmatched where that weighs more in total.
    """
    # Loaded when needed: a service that does not solve must not load the solvers.
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    columns = sorted({column for row in weights for column in row})
    node = {column: 1 + len(weights) + position for position, column in enumerate(columns)}
    sink = 1 + len(weights) + len(columns)
    flow = SimpleMinCostFlow()
    arcs = {}
    for position, row in enumerate(weights, start=1):
        flow.add_arc_with_capacity_and_unit_cost(0, position, 1, 0)
        if not match_all:
            flow.add_arc_with_capacity_and_unit_cost(position, sink, 1, 0)
        for column, weight in row.items():
            arcs[flow.add_arc_with_capacity_and_unit_cost(position, node[column], 1, -weight)] = position - 1, column
    for column in columns:
        flow.add_arc_with_capacity_and_unit_cost(node[column], sink, 1, 0)
    flow.set_node_supply(0, len(weights))
    flow.set_node_supply(sink, -len(weights))
    matching: list[Column | None] = [None] * len(weights)
    if arcs and flow.solve_max_flow_with_min_cost() == flow.OPTIMAL:
        for arc, (row_number, column) in arcs.items():
            if flow.flow(arc):
                matching[row_number] = column
    return matching


def _staying(meeting: Meeting, last_table: Mapping[str, int], table: int) -> int:
    return sum(last_table.get(participant_id) == table for participant_id in meeting.participants)
