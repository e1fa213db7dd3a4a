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

PR_SET_PDEATHSIG = 1


class Plain(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Participant(Plain):
    id: str
    unavailable: frozenset[int]


class Meeting(Plain):
    id: str
    participants: tuple[str, str]


class Slot(Plain):
    number: int
    session: int


class Task(Plain):
    """A problem, the seconds its search may take, and the names for its reasons."""

    participants: tuple[Participant, ...]
    meetings: tuple[Meeting, ...]
    slots: tuple[Slot, ...]
    tables: int
    fairness: int
    time_limit: float
    names: dict[str, str]


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
    problem = scheduling.Problem(
        participants=tuple(scheduling.Participant(one.id, one.unavailable) for one in task.participants),
        meetings=tuple(scheduling.Meeting(one.id, one.participants) for one in task.meetings),
        slots=tuple(scheduling.Slot(one.number, one.session) for one in task.slots),
        tables=task.tables,
        fairness=task.fairness,
    )
    try:
        schedule = scheduling.solve(problem, task.time_limit, label=task.names)
    except scheduling.NoScheduleInTime:
        it = f"Nessuna agenda trovata in {task.time_limit:g} secondi: concedere più tempo."
        return Outcome(unsolved=Unsolved(it=it, en=f"No agenda was found in {task.time_limit:g} seconds: allow more time."))
    if isinstance(schedule, scheduling.Infeasible):
        reasons = schedule.reasons
        return Outcome(unsolved=Unsolved(it=" ".join(one.it for one in reasons), en=" ".join(one.en for one in reasons)))
    return Outcome(
        answer=Answer(
            placements=tuple(Placed(meeting_id=one.meeting_id, slot=one.slot, table=one.table) for one in schedule.placements),
            unplaced=tuple(LeftOut(meeting_id=one.meeting_id, it=one.reason_it, en=one.reason_en) for one in schedule.unplaced),
            status=schedule.status,
            breaks=schedule.breaks,
            bound=schedule.bound,
        )
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
