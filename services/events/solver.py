"""The solver's own process: `python -m services.events.solver PARENT`, a task on standard input, an answer on standard output.

OR-Tools is loaded here and never in the service: a search holds the interpreter, and Kafka's heartbeats must go on.
"""

import ctypes
import os
import signal
import sys
from typing import Literal

from pydantic import BaseModel, ConfigDict

from services.events import scheduling
from services.events.scheduling.counting import count_breaks

PR_SET_PDEATHSIG = 1


class Plain(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Participant(Plain):
    id: str
    unavailable: frozenset[int]
    most: int | None = None
    rest: int = 0
    table: int | None = None
    stays: bool = False


class Meeting(Plain):
    id: str
    participants: tuple[str, ...]
    must: bool = False
    virtual: bool = False


class Slot(Plain):
    number: int
    session: int
    day: int = 1


class Table(Plain):
    number: int
    seats: int | None = None
    virtual: bool = False
    closed: frozenset[int] = frozenset()


class Published(Plain):
    """What to repair: the placements published before, the first slot to come, and the meetings that were never scheduled."""

    placements: "tuple[Placed, ...]"
    now: int
    fresh: frozenset[str]


class Task(Plain):
    """A problem, the seconds its search may take, and the names for its reasons; a repair where something is published."""

    participants: tuple[Participant, ...]
    meetings: tuple[Meeting, ...]
    slots: tuple[Slot, ...]
    tables: int
    fairness: int
    time_limit: float
    names: dict[str, str]
    special: tuple[Table, ...] = ()
    published: Published | None = None


class Placed(Plain):
    meeting_id: str
    slot: int
    table: int


class LeftOut(Plain):
    meeting_id: str
    it: str
    en: str


class Answer(Plain):
    """A schedule."""

    placements: tuple[Placed, ...]
    unplaced: tuple[LeftOut, ...]
    status: Literal["optimal", "feasible"]
    breaks: int
    bound: int


class Unsolved(Plain):
    """There is no schedule, or none in time: why."""

    it: str
    en: str


class Outcome(Plain):
    """What the process says: one of the two."""

    answer: Answer | None = None
    unsolved: Unsolved | None = None


def solve(task: Task) -> Outcome:
    """Solve a task. Takes about as many seconds as it allows, where it cannot prove its schedule the best."""
    if task.published is not None:
        return Outcome(answer=_repaired(task, task.published))
    try:
        schedule = scheduling.solve(_problem(task, _meetings(task)), task.time_limit, label=task.names)
    except scheduling.NoScheduleInTime:
        it = f"Nessuna agenda trovata in {task.time_limit:g} secondi: concedere più tempo."
        return Outcome(unsolved=Unsolved(it=it, en=f"No agenda was found in {task.time_limit:g} seconds: allow more time."))
    if isinstance(schedule, scheduling.Infeasible):
        reasons = schedule.reasons
        return Outcome(unsolved=Unsolved(it=" ".join(one.it for one in reasons), en=" ".join(one.en for one in reasons)))
    return Outcome(answer=_answer(schedule, schedule.breaks, schedule.bound))


def _repaired(task: Task, published: Published) -> Answer:
    """Change as little as possible. No fewest breaks are known then: the bound on them is none."""
    meetings = _meetings(task)
    problem = _problem(task, tuple(one for one in meetings if one.id not in published.fresh))
    changes = scheduling.Changes(accepted=tuple(one for one in meetings if one.id in published.fresh))
    before = [scheduling.Placement(one.meeting_id, one.slot, one.table) for one in published.placements]
    repaired = scheduling.repair(problem, before, published.now, changes, task.time_limit, label=task.names)
    slots = {one.meeting_id: one.slot for one in repaired.placements}
    return _answer(repaired, count_breaks(_problem(task, meetings), slots), 0)


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


def die_with(parent: int) -> None:
    """Ask Linux to kill this process when its parent dies, however that dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before it could be watched
            sys.exit("the parent is gone")


if __name__ == "__main__":
    die_with(int(sys.argv[1]))
    sys.stdout.write(solve(Task.model_validate_json(sys.stdin.read())).model_dump_json(exclude_none=True))
