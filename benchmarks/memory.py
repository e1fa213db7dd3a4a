"""Resident memory of each idle service of a running system, and of its child processes."""

import asyncio

import psutil

from benchmarks.fixtures import Fixtures, Tick
from benchmarks.report import Row, Target
from distretti.devstack.stack import Stack

STEPS = 2
MEGABYTE = 1024 * 1024


async def measure(fixtures: Fixtures, tick: Tick) -> list[Row]:
    """Start an empty system and measure its processes once their memory is stable."""
    async with Stack(fixtures.directory / "stack") as stack:
        tick()
        children = stack.supervisor.children()
        services = {name: psutil.Process(children[name].pid) for name in stack.services}
        await _wait_until_stable(list(services.values()))
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


async def _wait_until_stable(processes: list[psutil.Process]) -> None:
    """Wait until the total has grown by less than 0.1 MB per check for two seconds; at most twenty seconds."""
    before, stable_checks = 0.0, 0
    for _ in range(40):
        now = sum(map(_resident, processes))
        stable_checks = stable_checks + 1 if now - before < 0.1 else 0
        if stable_checks == 4:
            return
        before = now
        await asyncio.sleep(0.5)
