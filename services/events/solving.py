"""Runs the solver's process for one task, and never leaves it behind."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import structlog
from pydantic import ValidationError

from services.events.solver import Outcome, Task

log = structlog.get_logger()
MARGIN = 30.0
"""Seconds beside the search: to load OR-Tools on a busy machine, to build the models."""
ROOT = Path(__file__).parents[2]


class SolverFailed(Exception):
    """The solver's process ended without an answer, or did not end in time."""


async def solve_apart(task: Task, margin: float = MARGIN) -> Outcome:
    """Solve in a child process; it is killed where this is cancelled or takes longer than its time and the margin.

    Raises SolverFailed.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.events.solver", str(os.getpid()), stdin=PIPE, stdout=PIPE, stderr=PIPE, cwd=ROOT
    )
    try:
        work = process.communicate(task.model_dump_json().encode())
        answer, errors = await asyncio.wait_for(work, task.time_limit + margin)
    except TimeoutError as error:
        raise SolverFailed(f"no answer in {task.time_limit + margin:g} seconds") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        log.error("solver_failed", code=process.returncode, error=errors.decode(errors="replace")[-2000:])
        raise SolverFailed(f"ended with {process.returncode}")
    try:
        return Outcome.model_validate_json(answer)
    except ValidationError as error:
        raise SolverFailed("the answer cannot be read") from error
