"""From a problem to a schedule: hard contradictions first, then the search, then tables and reasons."""

from collections.abc import Mapping
from dataclasses import replace

from services.events.scheduling.explanations import clashes, no_schedule, shortages, why_unplaced
from services.events.scheduling.metrics import count_table_changes
from services.events.scheduling.options import Found, Wish
from services.events.scheduling.problem import Meeting, Problem
from services.events.scheduling.schedule import Infeasible, NoScheduleInTime, Placement, Schedule, Unplaced
from services.events.scheduling.tables.assignment import assign_tables, table_changes_bound

NOTHING_MORE = Wish()


def solve(
    problem: Problem,
    time_limit: float,
    workers: int = 1,
    seed: int = 0,
    *,
    all_placed: bool = False,
    label: Mapping[str, str] | None = None,
    wish: Wish = NOTHING_MORE,
) -> Schedule | Infeasible:
    """Place as many meetings as possible, then leave as few breaks as possible, then what `wish` asks for, then tables.

    `time_limit` is in seconds, for the search. With `all_placed`, a schedule that leaves out a meeting is none. `label`
    gives the names of participants for the reasons; without one the id is used. The same problem, whatever the order
    of its parts, gives the same schedule when `workers` is 1 and the time is enough. Raises NoScheduleInTime.
    """
    from services.events.scheduling.search import Search  # an idle service must not load the solvers

    names = label or {}
    problem = _sorted(problem)
    contradictions = clashes(problem, names)
    if contradictions:
        return Infeasible(contradictions)
    short = shortages(problem, names)
    if short and all_placed:
        return Infeasible(short)
    try:
        found = Search(problem, time_limit, workers, seed, wish).run(may_place_all=not short, must_place_all=all_placed)
    except TimeoutError as error:
        raise NoScheduleInTime(time_limit) from error
    if found is None:
        return Infeasible((no_schedule(problem, all_placed),))
    return written(problem, found, names)


def written(problem: Problem, found: Found, names: Mapping[str, str]) -> Schedule:
    """Write the schedule of these slots, with tables, and reasons for what has no slot."""
    most_placed = len(found.slots) == found.placed_bound
    tables = assign_tables(problem, found.slots)
    placements = (Placement(meeting, slot, tables[meeting]) for meeting, slot in found.slots.items())
    left_out = (meeting for meeting in problem.meetings if meeting.id not in found.slots)
    return Schedule(
        placements=tuple(sorted(placements, key=lambda placement: (placement.slot, placement.table))),
        unplaced=tuple(_unplaced(problem, meeting, found, most_placed, names) for meeting in left_out),
        status="optimal" if most_placed and found.breaks == found.bound else "feasible",
        breaks=found.breaks,
        bound=found.bound,
        placed_bound=found.placed_bound,
        table_changes=count_table_changes(problem, found.slots, tables),
        table_changes_bound=table_changes_bound(problem, found.slots),
        idle=found.idle,
        idle_bound=found.idle_bound,
        changes=found.changes,
        changes_bound=found.changes_bound,
    )


def _unplaced(problem: Problem, meeting: Meeting, found: Found, proven: bool, names: Mapping[str, str]) -> Unplaced:
    reason = why_unplaced(problem, meeting, found.slots, proven, names)
    return Unplaced(meeting.id, reason.it, reason.en)


def _sorted(problem: Problem) -> Problem:
    return replace(
        problem,
        participants=tuple(sorted(problem.participants, key=lambda participant: participant.id)),
        meetings=tuple(
            replace(meeting, participants=tuple(sorted(meeting.participants)), after=tuple(sorted(meeting.after)))
            for meeting in sorted(problem.meetings, key=lambda meeting: meeting.id)
        ),
        special=tuple(sorted(problem.special, key=lambda table: table.number)),
    )
