"""Child processes of a service: for what would stall its heartbeats, and never left behind."""

import asyncio
import ctypes
import os
import signal
import sys
from contextlib import suppress

import structlog

from shared.chassis.config import Settings

log = structlog.get_logger()
PR_SET_PDEATHSIG = 1
MODULE = "-m"


def die_with(parent: int) -> None:
    """Ask Linux to kill this process when `parent` ends, however it ends. Elsewhere it does nothing.

    It is named by who started it: it may be gone before this is asked.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


class ChildProcess:
    """A worker of a service that is a process of its own (`python -m module PARENT ...`), started again when it ends."""

    def __init__(self, module: str, settings: Settings, *arguments: str) -> None:
        self._module = module
        self._arguments = arguments
        self._environment = {**os.environ, **settings.environment()}
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = False

    async def run(self) -> None:
        """Keep the process running until told to stop."""
        pause = 0.2
        while not self._stopping:
            command = sys.executable, MODULE, self._module, str(os.getpid()), *self._arguments
            self._process = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.DEVNULL, env=self._environment)
            started = asyncio.get_running_loop().time()
            code = await self._process.wait()
            if self._stopping:
                return
            long = asyncio.get_running_loop().time() - started > 60
            pause = 0.2 if long else min(10, pause * 2)
            log.warning("child_ended", module=self._module, code=code, again_in=pause)
            await asyncio.sleep(pause)

    async def stop(self) -> None:
        """Ask it to end, and kill it when it does not within five seconds."""
        self._stopping = True
        process = self._process
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), 5)
        except TimeoutError:
            process.kill()
            await process.wait()
