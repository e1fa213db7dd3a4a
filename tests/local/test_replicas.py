"""A service of two processes: both serve, one may leave and join, and one may be another program."""

import asyncio
import sys
from pathlib import Path

import httpx

from deploy.journey.client import connect
from deploy.journey.rest import until_rest
from deploy.local.running import find_running
from deploy.local.stack import Stack

BOTH = ("notifications", "notifications-2")
BY_ANOTHER_WAY = "from services.notifications.main import SERVICE; from shared.chassis.http.app import run; run(SERVICE)"


async def test_a_replica_leaves_and_joins_while_the_other_serves(tmp_path: Path) -> None:
    stack = Stack(
        tmp_path,
        services=("matching", "notifications"),
        replicas={"notifications": 2},
        commands={"notifications-2": (sys.executable, "-c", BY_ANOTHER_WAY)},
    )
    async with stack, connect(stack.gateway_url, stack.issuer) as client, httpx.AsyncClient(timeout=10) as http:
        running = find_running(stack.data_dir)
        assert set(running.services) == set(stack.addresses()) == {"matching", *BOTH}
        assert running.processes["notifications"].pid != running.processes["notifications-2"].pid
        await until_rest(client, stack.addresses())
        await answered(http, stack, BOTH)

        await stack.stop_one("notifications")
        assert set(stack.addresses()) == {"matching", "notifications-2"}
        await answered(http, stack, BOTH[1:])
        await until_rest(client, stack.addresses())

        await stack.start_one("notifications")
        await stack.stop_one("notifications-2")
        await answered(http, stack, BOTH[:1])

        await stack.start_one("notifications-2")
        await until_rest(client, stack.addresses())


async def answered(http: httpx.AsyncClient, stack: Stack, by: tuple[str, ...]) -> None:
    """Sixteen at once through the gateway: all are answered, and each of these replicas has its part."""
    before = {name: await count(http, stack.addresses()[name]) for name in by}
    answers = await asyncio.gather(*(http.get(f"{stack.gateway_url}/notifications/health/live") for _ in range(16)))
    assert {answer.status_code for answer in answers} == {200}
    for name in by:
        assert await count(http, stack.addresses()[name]) > before[name]


async def count(http: httpx.AsyncClient, address: str) -> float:
    lines = (await http.get(f"{address}/metrics")).text.splitlines()
    return sum(
        float(line.split()[-1]) for line in lines if line.startswith("distretti_http_seconds_count") and "/health/live" in line
    )
