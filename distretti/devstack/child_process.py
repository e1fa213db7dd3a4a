"""One child process: started, restarted when it dies, stopped, never orphaned."""

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from distretti.devstack.binaries import ROOT

_FIRST_PAUSE, _LONGEST_PAUSE, _STEADY = 0.1, 5.0, 10.0
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)


@dataclass(frozen=True)
class Program:
    """A command and its readiness probe. `patience` is seconds until ready, `grace` seconds until stopped."""

    name: str
    command: tuple[str, ...]
    ready: Callable[[], Awaitable[bool]]
    prepare: Callable[[], Awaitable[None]] | None = None
    """Runs once, before the first start."""
    env: Mapping[str, str] = field(default_factory=dict)
    patience: float = 60.0
    grace: float = 10.0


class Child:
    """A supervised program: restarted when it dies, with exponential backoff."""

    def __init__(self, program: Program, log: Path, changed: Callable[[], None], report: Callable[[str], None]) -> None:
        self.program = program
        self.log = log
        self.restarts = 0
        self._changed = changed
        self._report = report
        self._process: asyncio.subprocess.Process | None = None
        self._killed = 0
        self._stopping = asyncio.Event()
        self._life: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The running process; None from the moment of a kill, though the process may take a moment to end."""
        process = self._process
        return process.pid if process and process.returncode is None and process.pid != self._killed else None

    @property
    def stopped(self) -> bool:
        """Whether it was stopped and not started since."""
        return self._life is not None and self._life.done()

    async def start(self) -> None:
        """Start the process and the task that restarts it, also after a stop. Returns before it is ready."""
        if not self._life:
            await self._first_time()
        self._stopping.clear()
        await self._spawn()
        self._life = asyncio.create_task(self._keep_alive())

    def kill(self) -> None:
        """SIGKILL; the process is restarted."""
        if self.pid:
            self._killed = self.pid
            os.kill(self._killed, signal.SIGKILL)

    def pause(self) -> None:
        """SIGSTOP of the process group: it keeps its connections and does nothing."""
        self._signal_group(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT after a pause."""
        self._signal_group(signal.SIGCONT)

    def give_up(self) -> None:
        """SIGKILL without a restart."""
        self._stopping.set()
        self.kill()

    async def stop(self) -> None:
        """SIGTERM, then SIGKILL after the program's grace period; the whole process group ends."""
        self._stopping.set()
        if not self._life:
            return
        if self.pid:
            os.kill(self.pid, signal.SIGTERM)
            self.resume()
        done, _ = await asyncio.wait([self._life], timeout=self.program.grace)
        if not done:
            self._report(f"{self.program.name} did not stop within {self.program.grace:g} seconds: killed.")
            self.kill()
        await self._life

    def _signal_group(self, number: signal.Signals) -> None:
        if self.pid:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    async def _first_time(self) -> None:
        if self.program.prepare:
            await self.program.prepare()
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))

    async def _spawn(self) -> None:
        self._process = await spawn(self.program.command, self.log, self.program.env)

    async def _keep_alive(self) -> None:
        loop, pause = asyncio.get_running_loop(), _FIRST_PAUSE
        while self._process:
            started = loop.time()
            status = await self._process.wait()
            # Its own children (solvers, rankers) must not outlive it.
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            if self._stopping.is_set():
                return
            pause = _FIRST_PAUSE if loop.time() - started > _STEADY else min(pause * 2, _LONGEST_PAUSE)
            self._report(f"{self.program.name} died ({_reason(status)}); it is restarted.")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
                return
            await self._spawn()
            self.restarts += 1
            self._changed()
            if self._stopping.is_set():
                self._process.terminate()


async def spawn(command: tuple[str, ...], log: Path, env: Mapping[str, str]) -> asyncio.subprocess.Process:
    """Start a process in a group of its own, appending its output to `log`; it is killed when this process ends."""
    with _opened(log) as output:
        return await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=ROOT,
            # Without a limit glibc keeps an arena of freed memory per core.
            env={**os.environ, "MALLOC_ARENA_MAX": "2", "PYTHONUNBUFFERED": "1", **env},
            start_new_session=True,
            preexec_fn=_private_and_dying_with(os.getpid()),
        )


def _opened(log: Path) -> BinaryIO:
    return open(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab")


def _private_and_dying_with(parent: int) -> Callable[[], None]:
    def before_exec() -> None:
        """Runs between fork and exec: what this process writes is its owner's, and SIGKILL ends it with its parent."""
        # Not as an argument of the spawn: uvloop's takes none.
        os.umask(0o077)
        if sys.platform == "linux":
            _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return before_exec


def _reason(status: int) -> str:
    return signal.Signals(-status).name if status < 0 else f"exit status {status}"
