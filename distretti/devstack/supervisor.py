"""Child processes of a local system, started in stages and stopped in reverse order."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from distretti.devstack.child_process import Child, Program
from distretti.devstack.errors import LocalError, NotStarted

_DEATHS_TOO_MANY = 3
_LOG_LINES = 15


class Supervisor:
    """Supervises child processes from `start` to `stop`; their output goes to `<name>.log` under `logs`."""

    def __init__(self, logs: Path, changed: Callable[[], None], report: Callable[[str], None]) -> None:
        self._logs = logs
        self._changed = changed
        self._report = report
        self._stages: list[list[Child]] = []

    async def start(self, *programs: Program) -> None:
        """Start a stage and wait until all its programs are ready. Raises NotStarted."""
        self._logs.mkdir(parents=True, exist_ok=True)
        stage = [Child(program, self._logs / f"{program.name}.log", self._changed, self._report) for program in programs]
        self._stages.append(stage)
        try:
            async with asyncio.TaskGroup() as tasks:
                for child in stage:
                    tasks.create_task(self._bring_up(child))
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None

    async def stop(self) -> None:
        """Stop all stages, the last one first. Can be called more than once."""
        while self._stages:
            await asyncio.gather(*(child.stop() for child in self._stages[-1]))
            self._stages.pop()

    def kill(self, name: str) -> None:
        """SIGKILL of a child, which is then restarted. Raises LocalError for an unknown name."""
        self._child(name).kill()

    def pause(self, name: str) -> None:
        """SIGSTOP of a child's process group. Raises LocalError for an unknown name."""
        self._child(name).pause()

    def resume(self, name: str) -> None:
        """SIGCONT after a pause. Raises LocalError for an unknown name."""
        self._child(name).resume()

    async def stop_child(self, name: str) -> None:
        """SIGTERM of a child, which stays down until `start_child`. Raises LocalError for an unknown name."""
        await self._child(name).stop()
        self._changed()

    async def start_child(self, name: str) -> None:
        """Start a stopped child and wait until it is ready; a running one is left alone. Raises LocalError."""
        child = self._child(name)
        if child.stopped:
            await self._bring_up(child)

    def kill_all(self) -> None:
        """SIGKILL of every child, without restarts: to cut a graceful stop short."""
        for stage in self._stages:
            for child in stage:
                child.give_up()

    async def until_ready(self, name: str) -> None:
        """Wait until a child is ready. Raises NotStarted."""
        await _until_ready(self._child(name))

    def children(self) -> dict[str, Child]:
        """Children by name, in the order of their start."""
        return {child.program.name: child for stage in self._stages for child in stage}

    async def _bring_up(self, child: Child) -> None:
        await child.start()
        self._changed()
        await _until_ready(child)

    def _child(self, name: str) -> Child:
        children = self.children()
        if name not in children:
            raise LocalError(f"No process is named {name}: there are {', '.join(children) or 'none'}.")
        return children[name]


async def _until_ready(child: Child) -> None:
    program, deaths = child.program, child.restarts
    try:
        async with asyncio.timeout(program.patience):
            while not (child.pid and await program.ready()):
                if child.restarts - deaths >= _DEATHS_TOO_MANY:
                    raise NotStarted(f"{program.name} keeps dying while it starts. {_end_of(child.log)}")
                await asyncio.sleep(0.05)
    except TimeoutError:
        late = f"{program.name} is not ready after {program.patience:g} seconds."
        raise NotStarted(f"{late} {_end_of(child.log)}") from None


def _end_of(log: Path) -> str:
    lines = log.read_text(errors="replace").splitlines()[-_LOG_LINES:]
    return "\n".join([f"Its log, {log}, ends with:", *lines]) if lines else f"Its log, {log}, is empty."
