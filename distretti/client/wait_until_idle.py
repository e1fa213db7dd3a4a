"""Waiting until the system has come to rest: everything sent, applied and delivered."""

import asyncio
from collections.abc import Mapping
from typing import Any

from distretti.client.api import Client

LONGEST_SECONDS = 300


async def unrest(client: Client, processes: Mapping[str, str]) -> dict[str, Any]:
    """Name what is still under way, by process; empty at rest. Parked events never move, and are not waited for.

    `processes` are the addresses of every replica: each knows the lag of its own partitions alone.
    """
    found: dict[str, Any] = {}
    progress = await asyncio.gather(*(client.get(f"{address}/health/progress") for address in processes.values()))
    for process, far in zip(processes, progress, strict=True):
        moving = {name: state for name, state in far["consumers"].items() if state["lag"] != 0}
        if far["unsent"] or moving:
            found[process] = {"unsent": far["unsent"], **moving}
    ranking = await client.get("/matching/v1/ranking")
    if ranking["dirty"]:
        found["ranking"] = ranking["dirty"]
    mail = await client.get("/notifications/v1/statistics")
    if mail["queued"]:
        found["mail"] = mail["queued"]
    return found


async def until_rest(client: Client, processes: Mapping[str, str], calm_seconds: float = 0.0) -> None:
    """Wait until nothing has moved in three looks, and for so long: one may miss what moves from one service to the next.

    Raises TimeoutError, naming what still moves.
    """
    clock = asyncio.get_running_loop().time
    end, calm, since = clock() + LONGEST_SECONDS, 0, clock()
    while calm < 3 or clock() - since < calm_seconds:
        moving = await unrest(client, processes)
        calm = 0 if moving else calm + 1
        since = clock() if moving else since
        if moving and clock() > end:
            raise TimeoutError(f"the system did not come to rest: {moving}")
        await asyncio.sleep(0.1)
