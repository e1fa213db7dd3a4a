"""From a problem to a schedule: contradictions among fixed meetings, then the search, then tables and reasons."""

from collections.abc import Mapping
from dataclasses import replace

from services.events.scheduling.explanations import fixed_conflicts, no_schedule, shortages, why_unplaced
from services.events.scheduling.metrics import count_table_changes
from services.events.scheduling.options import SolverOptions
from services.events.scheduling.problem import Problem
from services.events.scheduling.schedule import Infeasible, NoScheduleInTime, Placement, Schedule, UnplacedMeeting
from services.events.scheduling.search_result import SearchResult
from services.events.scheduling.tables.assignment import assign_tables, table_changes_bound

DEFAULT_OPTIONS = SolverOptions()


def solve(
    problem: Problem,
    time_limit: float,
    workers: int = 1,
    seed: int = 0,
    *,
    all_placed: bool = False,
    names: Mapping[str, str] | None = None,
    options: SolverOptions = DEFAULT_OPTIONS,
) -> Schedule | Infeasible:
    """Place as many meetings as possible, with as few breaks as possible, then the objectives of `options`; then assign tables.

    `time_limit` is the time of the search in seconds. With `all_placed`, every meeting must have a place. `names` are those of
    participants in the reasons, their ids by default. Equal problems, whatever the order of their parts, have equal schedules
    when `workers` is 1 and the time suffices. Raises NoScheduleInTime.
    """
    # Loaded when needed: a service that does not solve must not load the solvers.
    from services.events.scheduling.search import ScheduleSearch

    names = names or {}
    problem = _normalised(problem)
    conflicts = fixed_conflicts(problem, names)
    if conflicts:
        return Infeasible(conflicts)
    missing = shortages(problem, names)
    if missing and all_placed:
        return Infeasible(missing)
    try:
        result = ScheduleSearch(problem, time_limit, workers, seed, options).run(
            may_place_all=not missing, must_place_all=all_placed
        )
    except TimeoutError as error:
        raise NoScheduleInTime(time_limit) from error
    if result is None:
        return Infeasible((no_schedule(problem, all_placed),))
    return schedule_from(problem, result, names)


def schedule_from(problem: Problem, result: SearchResult, names: Mapping[str, str]) -> Schedule:
    """Assign tables to the slots found, and give a reason for each meeting without one."""
    most_placed = len(result.slots) == result.placed_bound
    tables = assign_tables(problem, result.slots)
    placements = (Placement(meeting, slot, tables[meeting]) for meeting, slot in result.slots.items())
    unplaced = (meeting for meeting in problem.meetings if meeting.id not in result.slots)
    return Schedule(
        placements=tuple(sorted(placements, key=lambda placement: (placement.slot, placement.table))),
        unplaced=tuple(
            UnplacedMeeting(meeting.id, why_unplaced(problem, meeting, result.slots, most_placed, names)) for meeting in unplaced
        ),
        status="optimal" if most_placed and result.breaks == result.breaks_bound else "feasible",
        breaks=result.breaks,
        breaks_bound=result.breaks_bound,
        placed_bound=result.placed_bound,
        table_changes=count_table_changes(problem, result.slots, tables),
        table_changes_bound=table_changes_bound(problem, result.slots),
        idle_slots=result.idle_slots,
        idle_slots_bound=result.idle_slots_bound,
        changed_meetings=result.changed_meetings,
        changed_meetings_bound=result.changed_meetings_bound,
    )


def _normalised(problem: Problem) -> Problem:
    """The same problem with all parts in order of their ids."""
    return replace(
        problem,
        participants=tuple(sorted(problem.participants, key=lambda participant: participant.id)),
        meetings=tuple(
            replace(meeting, participants=tuple(sorted(meeting.participants)), predecessors=tuple(sorted(meeting.predecessors)))
            for meeting in sorted(problem.meetings, key=lambda meeting: meeting.id)
        ),
        special_tables=tuple(sorted(problem.special_tables, key=lambda table: table.number)),
    )
