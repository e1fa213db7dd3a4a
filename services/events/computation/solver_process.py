"""The solver's own process: `python -m services.events.computation.solver_process PARENT`.

A task on the first line of standard input; on each line of standard output what is best so far, at last an answer. A second
line of input says that the best so far is enough, or the first there will be.

OR-Tools is loaded here and never in the service: a search holds the interpreter, and Kafka's heartbeats must go on.
"""

import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import pairwise

from services.events import scheduling
from services.events.computation.protocol import Answer, Best, LeftOut, Outcome, Placed, Published, Said, Task, Unsolved
from services.events.scheduling.metrics import count_breaks, count_table_changes
from services.events.scheduling.tables.assignment import assign_tables
from shared.chassis.runtime.child_process import die_with


class Search:
    """What a search is told and tells. `enough` ends it with the best so far; before there is any, with the first."""

    def __init__(self, tell: Callable[[Best], None]) -> None:
        self.cancel = threading.Event()
        self._tell = tell
        self._lock = threading.Lock()
        self._is_enough = self._has_any = False

    def better(self, slots: Mapping[str, int], breaks: int) -> None:
        """Hear of a better schedule."""
        self._tell(Best(placed=len(slots), breaks=breaks))
        with self._lock:
            self._has_any = True
            self._end()

    def enough(self) -> None:
        """End it."""
        with self._lock:
            self._is_enough = True
            self._end()

    def _end(self) -> None:
        if self._is_enough and self._has_any:
            self.cancel.set()


def solve(task: Task, search: Search | None = None) -> Outcome:
    """Solve a task. Takes about as many seconds as it allows, where it cannot prove its schedule the best."""
    search = search or Search(lambda _: None)
    if task.repair and task.published is not None:
        return Outcome(answer=_repaired(task, task.published, search))
    problem = _problem(task, _meetings(task))
    try:
        schedule = scheduling.solve(problem, task.time_limit, label=task.names, wish=_wish(task, search))
    except scheduling.NoScheduleInTime:
        it = f"Nessuna agenda trovata in {task.time_limit:g} secondi: concedere più tempo."
        return Outcome(unsolved=Unsolved(it=it, en=f"No agenda was found in {task.time_limit:g} seconds: allow more time."))
    if isinstance(schedule, scheduling.Infeasible):
        reasons = schedule.reasons
        return Outcome(unsolved=Unsolved(it=" ".join(one.it for one in reasons), en=" ".join(one.en for one in reasons)))
    return Outcome(answer=_answer(_at_known_tables(task, problem, schedule), schedule.breaks, schedule.bound))


def _wish(task: Task, search: Search) -> scheduling.Wish:
    """Ask for what the task does, and for few changes of what is published of these meetings."""
    meetings = {one.id for one in task.meetings}
    before = task.published.placements if task.published else ()
    slots = {one.meeting_id: one.slot for one in before if one.meeting_id in meetings} or None
    return scheduling.Wish(
        idle=task.idle, walks=task.walks, published=slots, start=slots, progress=search.better, cancel=search.cancel
    )


def _at_known_tables(task: Task, problem: scheduling.Problem, schedule: scheduling.Schedule) -> scheduling.Schedule:
    """Leave meetings at the tables they are published at, where nobody has to walk more for it."""
    slots = {one.meeting_id: one.slot for one in schedule.placements}
    before = task.published.placements if task.published else ()
    known = {one.meeting_id: one.table for one in before if slots.get(one.meeting_id) == one.slot}
    if not known:
        return schedule
    tables = assign_tables(problem, slots, known)
    if count_table_changes(problem, slots, tables) > schedule.table_changes:
        return schedule
    placements = (scheduling.Placement(id, slot, tables[id]) for id, slot in slots.items())
    return replace(schedule, placements=tuple(sorted(placements, key=lambda one: (one.slot, one.table))))


def _repaired(task: Task, published: Published, search: Search) -> Answer:
    """Change as little as possible. No fewest breaks are known then: the bound on them is none."""
    meetings = _meetings(task)
    problem = _problem(task, tuple(one for one in meetings if one.id not in published.fresh))
    changes = scheduling.Changes(accepted=tuple(one for one in meetings if one.id in published.fresh))
    before = [scheduling.Placement(one.meeting_id, one.slot, one.table) for one in published.placements]
    repaired = scheduling.repair(
        problem, before, published.now, changes, task.time_limit, task.names, progress=search.better, cancel=search.cancel
    )
    slots = {one.meeting_id: one.slot for one in repaired.placements}
    whole = _problem(task, meetings)
    return _answer(repaired, count_breaks(whole, slots), 0).model_copy(update={"is_fair": _is_fair(whole, slots)})


def _is_fair(problem: scheduling.Problem, slots: Mapping[str, int]) -> bool:
    """Tell whether the breaks of any two who meet anybody differ by no more than the problem allows."""
    day = {slot.number: slot.day for slot in problem.slots}
    breaks = []
    for meetings in problem.meetings_of.values():
        mine = sorted(slots[one.id] for one in meetings if one.id in slots)
        if mine:
            breaks.append(sum(day[one] == day[other] and other > one + 1 for one, other in pairwise(mine)))
    return not breaks or max(breaks) - min(breaks) <= problem.fairness


def _answer(found: "scheduling.Schedule | scheduling.Repaired", breaks: int, bound: int) -> Answer:
    return Answer(
        placements=tuple(Placed(meeting_id=one.meeting_id, slot=one.slot, table=one.table) for one in found.placements),
        unplaced=tuple(LeftOut(meeting_id=one.meeting_id, it=one.reason_it, en=one.reason_en) for one in found.unplaced),
        status=found.status,
        breaks=breaks,
        bound=bound,
    )


def _meetings(task: Task) -> tuple[scheduling.Meeting, ...]:
    return tuple(scheduling.Meeting(one.id, one.participants, must=one.must, virtual=one.virtual) for one in task.meetings)


def _problem(task: Task, meetings: tuple[scheduling.Meeting, ...]) -> scheduling.Problem:
    return scheduling.Problem(
        participants=tuple(
            scheduling.Participant(one.id, one.unavailable, one.most, one.rest, one.table, one.stays) for one in task.participants
        ),
        meetings=meetings,
        slots=tuple(scheduling.Slot(one.number, one.session, one.day) for one in task.slots),
        tables=task.tables,
        fairness=task.fairness,
        special=tuple(scheduling.Table(one.number, one.seats, one.virtual, one.closed) for one in task.special),
    )


def main() -> None:
    """Solve the task on standard input."""
    search = Search(lambda best: _say(Said(best=best)))
    task = Task.model_validate_json(sys.stdin.readline())
    listening = threading.Thread(target=_listen, args=[search], daemon=True)
    listening.start()
    outcome = solve(task, search)
    _say(Said(answer=outcome.answer, unsolved=outcome.unsolved))
    listening.join()  # until the parent, which has the answer now, ends the input


def _listen(search: Search) -> None:
    if sys.stdin.readline():
        search.enough()


def _say(said: Said) -> None:
    sys.stdout.write(said.model_dump_json(exclude_none=True) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    die_with(int(sys.argv[1]))
    main()
