"""The client runs a solver process per task, passes on progress and stops, and never leaves a process behind."""

import asyncio
from itertools import combinations

import psutil
import pytest

from services.events.computation.protocol import Meeting, Participant, SearchProgress, Slot, SolverTask
from services.events.computation.solver_client import ProgressListener, SolverFailed, solve_in_process

MEMBERS = [f"m{number:02d}" for number in range(13)]


def task(slots: int, time_limit: float, pairs: int | None = None) -> SolverTask:
    return SolverTask(
        participants=tuple(Participant(id=member, unavailable=frozenset()) for member in MEMBERS),
        meetings=tuple(Meeting(id="-".join(pair), participants=pair) for pair in list(combinations(MEMBERS, 2))[:pairs]),
        slots=tuple(Slot(number=number, session=1) for number in range(1, slots + 1)),
        tables=6,
        fairness=2,
        time_limit=time_limit,
        names={},
    )


def solver_processes() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "services.events.computation.solver_process" in child.cmdline()]


async def test_the_outcome_and_the_progress_of_a_task() -> None:
    listener = ProgressListener()
    outcome = await solve_in_process(task(4, 30, pairs=3), listener)
    assert outcome.schedule is not None
    assert outcome.schedule.status == "optimal"
    assert listener.progress == SearchProgress(placed=3, breaks=outcome.schedule.breaks)
    assert solver_processes() == []


async def test_a_stopped_search_returns_its_best_schedule() -> None:
    listener = ProgressListener()
    listener.stop.set()
    outcome = await solve_in_process(task(12, 300), listener)
    assert outcome.schedule is not None
    assert outcome.schedule.status == "feasible"


async def test_a_cancelled_task_kills_its_process() -> None:
    solving = asyncio.create_task(solve_in_process(task(12, 300), ProgressListener()))
    while not solver_processes():
        await asyncio.wait([solving], timeout=0.05)
    solving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await solving
    assert solver_processes() == []


async def test_a_solver_that_takes_too_long_is_killed() -> None:
    with pytest.raises(SolverFailed, match="no answer in 1 seconds"):
        await solve_in_process(task(12, 30), ProgressListener(), margin=-29)
    assert solver_processes() == []


async def test_a_process_that_dies_is_reported() -> None:
    solving = asyncio.create_task(solve_in_process(task(12, 300), ProgressListener()))
    while not (processes := solver_processes()):
        await asyncio.wait([solving], timeout=0.05)
    processes[0].kill()
    with pytest.raises(SolverFailed, match="ended with -9"):
        await solving
