"""Waiting until the system has come to rest: everything sent, applied and delivered."""

import asyncio
from typing import Any

from deploy.journey.client import Client

LONGEST_SECONDS = 300


async def unrest(client: Client, services: tuple[str, ...]) -> dict[str, Any]:
    """Name what is still under way, by service; empty at rest. Parked events never move, and are not waited for."""
    found: dict[str, Any] = {}
    for service in services:
        far = await client.get(f"/{service}/health/progress")
        moving = {name: state for name, state in far["consumers"].items() if state["lag"] != 0}
        if far["unsent"] or moving:
            found[service] = {"unsent": far["unsent"], **moving}
    ranking = await client.get("/matching/v1/ranking")
    if ranking["dirty"]:
        found["ranking"] = ranking["dirty"]
    mail = await client.get("/notifications/v1/statistics")
    if mail["queued"]:
        found["mail"] = mail["queued"]
    return found


async def until_rest(client: Client, services: tuple[str, ...]) -> None:
    """Wait until nothing has moved in two looks. Raises TimeoutError, naming what still moves."""
    end = asyncio.get_running_loop().time() + LONGEST_SECONDS
    calm = 0
    while calm < 2:
        moving = await unrest(client, services)
        calm = 0 if moving else calm + 1
        if moving and asyncio.get_running_loop().time() > end:
            raise TimeoutError(f"the system did not come to rest: {moving}")
        await asyncio.sleep(0.1)
