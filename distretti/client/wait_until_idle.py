"""Waits for quiescence: everything is sent, applied and delivered."""

import asyncio
from collections.abc import Mapping
from typing import Any

from distretti.client.api import Client

LONGEST_SECONDS = 300


async def activity(client: Client, processes: Mapping[str, str]) -> dict[str, Any]:
    """Work under way, by process; empty when idle. Dead letters do not count: they stay until an operator acts.

    `processes` are the addresses of every replica: each knows only the lag of its own partitions.
    """
    active: dict[str, Any] = {}
    progress = await asyncio.gather(*(client.get(f"{address}/health/progress") for address in processes.values()))
    for process, state in zip(processes, progress, strict=True):
        lagging = {name: consumer for name, consumer in state["consumers"].items() if consumer["lag"] != 0}
        if state["unsent"] or lagging:
            active[process] = {"unsent": state["unsent"], **lagging}
    ranking = await client.get("/matching/v1/ranking")
    if ranking["dirty"]:
        active["ranking"] = ranking["dirty"]
    mail = await client.get("/notifications/v1/statistics")
    if mail["queued"]:
        active["mail"] = mail["queued"]
    return active


async def wait_until_idle(client: Client, processes: Mapping[str, str], idle_seconds: float = 0.0) -> None:
    """Wait until three checks in a row, over at least `idle_seconds`, see no activity.

    A single check can miss work on its way from one service to the next. Raises TimeoutError, which names the activity.
    """
    clock = asyncio.get_running_loop().time
    end, idle_checks, idle_since = clock() + LONGEST_SECONDS, 0, clock()
    while idle_checks < 3 or clock() - idle_since < idle_seconds:
        active = await activity(client, processes)
        idle_checks = 0 if active else idle_checks + 1
        idle_since = clock() if active else idle_since
        if active and clock() > end:
            raise TimeoutError(f"the system did not become idle: {active}")
        await asyncio.sleep(0.1)
