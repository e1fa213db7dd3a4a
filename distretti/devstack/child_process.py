"""One child process: started, kept alive, stopped, and never left behind."""

import asyncio
import ctypes
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from distretti.devstack.binaries import ROOT

_FIRST_PAUSE, _LONGEST_PAUSE, _STEADY = 0.1, 5.0, 10.0
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)


@dataclass(frozen=True)
class Program:
    """What to run and how to know that it works. `patience` and `grace` are seconds: to become ready, to stop."""

    name: str
    command: tuple[str, ...]
    ready: Callable[[], Awaitable[bool]]
    prepare: Callable[[], Awaitable[None]] | None = None
    """Done once, before the first start."""
    env: Mapping[str, str] = field(default_factory=dict)
    patience: float = 60.0
    grace: float = 10.0


class Child:
    """A program that is started again when it dies, after a pause that grows while it keeps dying."""

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
        """The process that runs now, if one does; one that was killed no longer counts, though it may take a moment."""
        process = self._process
        return process.pid if process and process.returncode is None and process.pid != self._killed else None

    @property
    def stopped(self) -> bool:
        """True once it was stopped, until it is started again."""
        return self._life is not None and self._life.done()

    async def start(self) -> None:
        """Starts the process and the task that keeps it alive, also after a stop. Returns before it is ready."""
        if not self._life:
            await self._first_time()
        self._stopping.clear()
        await self._spawn()
        self._life = asyncio.create_task(self._keep_alive())

    def kill(self) -> None:
        """kill -9 of the process; it is started again."""
        if self.pid:
            self._killed = self.pid
            os.kill(self._killed, signal.SIGKILL)

    def pause(self) -> None:
        """SIGSTOP of the process and of what it started: it holds its connections and does nothing."""
        self._signal_group(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT after a pause."""
        self._signal_group(signal.SIGCONT)

    def give_up(self) -> None:
        """kill -9 of the process; it is not started again."""
        self._stopping.set()
        self.kill()

    async def stop(self) -> None:
        """SIGTERM, then SIGKILL after the program's grace. Nothing of the process group is left."""
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
            # What it started itself (solvers, rankers) must not outlive it either.
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            if self._stopping.is_set():
                return
            pause = _FIRST_PAUSE if loop.time() - started > _STEADY else min(pause * 2, _LONGEST_PAUSE)
            self._report(f"{self.program.name} died ({_reason(status)}); it is started again.")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)
                return
            await self._spawn()
            self.restarts += 1
            self._changed()
            if self._stopping.is_set():
                self._process.terminate()


async def spawn(command: tuple[str, ...], log: Path, env: Mapping[str, str]) -> asyncio.subprocess.Process:
    """Starts a process in a group of its own, its output at the end of `log`; it dies with this process."""
    with log.open("ab") as output:
        return await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=ROOT,
            # Without a limit glibc keeps an arena of freed memory for every core.
            env={**os.environ, "MALLOC_ARENA_MAX": "2", "PYTHONUNBUFFERED": "1", **env},
            start_new_session=True,
            preexec_fn=_dying_with(os.getpid()),
        )


def _dying_with(parent: int) -> Callable[[], None]:
    def ask_kernel() -> None:
        """Between fork and exec: SIGKILL for this process when its parent ends, however it ends."""
        if sys.platform == "linux":
            _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return ask_kernel


def _reason(status: int) -> str:
    return signal.Signals(-status).name if status < 0 else f"exit status {status}"
