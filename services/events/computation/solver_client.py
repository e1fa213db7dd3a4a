"""Runs one solver process per task; the process never outlives its task."""

import asyncio
from asyncio.subprocess import Process

import structlog

from services.events.computation.protocol import SearchProgress, SolverMessage, SolverOutcome, SolverTask
from shared.chassis.workers.child_process import end_process, spawn_module

log = structlog.get_logger()
MARGIN = 30.0
"""Seconds beyond the search's time limit: loading OR-Tools on a busy machine, building the models."""
MAX_LINE_BYTES = 1 << 26
"""Far more than the largest agenda takes as JSON."""


class SolverFailed(Exception):
    """The solver process ended without an outcome, or exceeded its time."""


class ProgressListener:
    """Holds the progress of a search. Setting `stop` ends the search with its best schedule so far."""

    def __init__(self) -> None:
        self.progress: SearchProgress | None = None
        self.stop = asyncio.Event()


async def solve_in_process(task: SolverTask, listener: ProgressListener, margin: float = MARGIN) -> SolverOutcome:
    """Solve in a child process, which is killed on cancellation and when it exceeds the time limit by `margin` seconds.

    Raises SolverFailed.
    """
    process = await spawn_module("services.events.computation.solver_process", line_bytes=MAX_LINE_BYTES)
    stderr_reader = asyncio.create_task(_read_stderr(process))
    stop_forwarder = asyncio.create_task(_forward_stop(process, listener))
    try:
        async with asyncio.timeout(task.time_limit + margin):
            outcome = await _read_outcome(process, task, listener)
            await process.wait()
    except TimeoutError as error:
        raise SolverFailed(f"no answer in {task.time_limit + margin:g} seconds") from error
    finally:
        stop_forwarder.cancel()
        await end_process(process, grace=0)
        errors = await stderr_reader
    if process.returncode or outcome is None:
        log.error("solver_failed", code=process.returncode, error=errors[-2000:])
        raise SolverFailed(f"ended with {process.returncode}")
    return outcome


async def _read_outcome(process: Process, task: SolverTask, listener: ProgressListener) -> SolverOutcome | None:
    """Send the task, record its progress and return the outcome; None when the process ends without one."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(task.model_dump_json().encode() + b"\n")
    try:
        await process.stdin.drain()
        async for line in process.stdout:
            message = SolverMessage.model_validate_json(line)
            if message.progress is None:
                # The process waits for the end of its input before it exits, so that a late stop hits no closed pipe.
                process.stdin.close()
                return message
            listener.progress = message.progress
    except ValueError as error:
        raise SolverFailed("the answer cannot be read") from error
    except ConnectionError:
        pass
    return None


async def _forward_stop(process: Process, listener: ProgressListener) -> None:
    assert process.stdin is not None
    await listener.stop.wait()
    process.stdin.write(b"stop\n")


async def _read_stderr(process: Process) -> str:
    assert process.stderr is not None
    return (await process.stderr.read()).decode(errors="replace")
