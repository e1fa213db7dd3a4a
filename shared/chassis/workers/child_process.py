"""Child processes of a service: for what would stall its heartbeats. None outlives the service."""

import asyncio
import ctypes
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress

import structlog

from shared.chassis.config import Settings

log = structlog.get_logger()
PR_SET_PDEATHSIG = 1
MODULE = "-m"
GRACE_SECONDS = 5.0
FIRST_PAUSE, LONGEST_PAUSE, STABLE_SECONDS = 0.2, 10.0, 60.0
"""Seconds before an ended process is restarted; doubled each time, unless it had run for the last of these."""


def die_with(parent: int) -> None:
    """Ask Linux to kill this process when `parent` ends, however it ends. Elsewhere it does nothing.

    The parent passes its own id: it may be gone before this is called.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


async def spawn_module(module: str, *arguments: str, settings: Settings | None = None, line_bytes: int | None = None) -> Process:
    """Start `python -m module PARENT ARGUMENTS...`, which calls `die_with(PARENT)`.

    With `line_bytes` its standard streams are pipes, for lines of at most this length; without, it has no input.
    """
    command = sys.executable, MODULE, module, str(os.getpid()), *arguments
    env = {**os.environ, **(settings.environment() if settings else {})}
    if line_bytes is None:
        return await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, env=env)
    return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=env, limit=line_bytes)


async def end_process(process: Process, grace: float = GRACE_SECONDS) -> None:
    """Terminate a process, and kill it when it does not end within `grace` seconds; without grace kill it now."""
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.terminate() if grace else process.kill()
    try:
        await asyncio.wait_for(process.wait(), grace or None)
    except TimeoutError:
        process.kill()
        await process.wait()


class ChildProcess:
    """A worker that keeps a module running as a process, and restarts it when it ends."""

    def __init__(self, module: str, settings: Settings, *arguments: str) -> None:
        self._module = module
        self._arguments = arguments
        self._settings = settings
        self._process: Process | None = None
        self._stopping = False

    async def run(self) -> None:
        """Keep the process running until stopped."""
        loop, pause = asyncio.get_running_loop(), FIRST_PAUSE
        while not self._stopping:
            started = loop.time()
            self._process = await spawn_module(self._module, *self._arguments, settings=self._settings)
            code = await self._process.wait()
            if self._stopping:
                return
            pause = FIRST_PAUSE if loop.time() - started > STABLE_SECONDS else min(LONGEST_PAUSE, pause * 2)
            log.warning("child_ended", module=self._module, code=code, retry_in=pause)
            await asyncio.sleep(pause)

    async def stop(self) -> None:
        """End the process."""
        self._stopping = True
        if self._process is not None:
            await end_process(self._process)
