"""Runs the solver's process for one task, and never leaves it behind."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import structlog

from services.events.computation.protocol import Best, Outcome, Said, Task

log = structlog.get_logger()
MARGIN = 30.0
"""Seconds beside the search: to load OR-Tools on a busy machine, to build the models."""
LONGEST_LINE = 1 << 26
"""Bytes of an answer: far more than an agenda may have."""
ROOT = Path(__file__).parents[3]


class SolverFailed(Exception):
    """The solver's process ended without an answer, or did not end in time."""


class Watch:
    """What is heard of a search: the `best` so far. Set `enough` to have it end with that."""

    def __init__(self) -> None:
        self.best: Best | None = None
        self.enough = asyncio.Event()


async def solve_apart(task: Task, watch: Watch, margin: float = MARGIN) -> Outcome:
    """Solve in a child process; it is killed where this is cancelled or takes longer than its time and the margin.

    Raises SolverFailed.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.events.computation.solver_process", str(os.getpid())),
        stdin=PIPE, stdout=PIPE, stderr=PIPE, cwd=ROOT, limit=LONGEST_LINE,
    )  # fmt: skip
    errors = asyncio.create_task(_errors(process))
    ending = asyncio.create_task(_end_when_enough(process, watch))
    try:
        async with asyncio.timeout(task.time_limit + margin):
            outcome = await _followed(process, task, watch)
            await process.wait()
    except TimeoutError as error:
        raise SolverFailed(f"no answer in {task.time_limit + margin:g} seconds") from error
    finally:
        ending.cancel()
        if process.returncode is None:
            process.kill()
            await process.wait()
        said = await errors
    if process.returncode or outcome is None:
        log.error("solver_failed", code=process.returncode, error=said[-2000:])
        raise SolverFailed(f"ended with {process.returncode}")
    return outcome


async def _followed(process: Process, task: Task, watch: Watch) -> Outcome | None:
    """Give the task and hear of it until there is an answer; None where the process ends without one."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(task.model_dump_json().encode() + b"\n")
    try:
        await process.stdin.drain()
        async for line in process.stdout:
            said = Said.model_validate_json(line)
            if said.best is None:
                process.stdin.close()
                return said
            watch.best = said.best
    except ValueError as error:
        raise SolverFailed("the answer cannot be read") from error
    except ConnectionError:
        pass
    return None


async def _end_when_enough(process: Process, watch: Watch) -> None:
    assert process.stdin is not None
    await watch.enough.wait()
    process.stdin.write(b"enough\n")


async def _errors(process: Process) -> str:
    assert process.stderr is not None
    return (await process.stderr.read()).decode(errors="replace")
