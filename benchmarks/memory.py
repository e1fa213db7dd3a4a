"""Resident memory of each idle service of a running system, and of the ranker's process."""

import asyncio

import psutil

from benchmarks.fixtures import Ground, Tick
from benchmarks.report import Row, Target
from distretti.devstack.stack import Stack

STEPS = 2
MEGABYTE = 1024 * 1024


async def measure(ground: Ground, tick: Tick) -> list[Row]:
    """Start the whole system with nothing in it and look at its processes once they have settled."""
    async with Stack(ground.directory / "stack") as stack:
        tick()
        children = stack.supervisor.children()
        services = {name: psutil.Process(children[name].pid) for name in stack.services}
        await _settled(list(services.values()))
        rows: list[Row] = []
        for name, process in services.items():
            rows.append(Row(f"memory, {name} idle", "MB", [_resident(process)], target=Target("at most", 120)))
            rows += [Row(f"memory, {_module(child)}", "MB", [_resident(child)]) for child in process.children(recursive=True)]
        tick()
    return rows


def _resident(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / MEGABYTE


def _module(process: psutil.Process) -> str:
    """The module a Python process runs."""
    words = process.cmdline()
    return words[words.index("-m") + 1] if "-m" in words else process.name()


async def _settled(processes: list[psutil.Process]) -> None:
    """Wait until nothing has grown by a tenth of a megabyte for two seconds, at most twenty."""
    before, calm = 0.0, 0
    for _ in range(40):
        now = sum(map(_resident, processes))
        calm = calm + 1 if now - before < 0.1 else 0
        if calm == 4:
            return
        before = now
        await asyncio.sleep(0.5)
