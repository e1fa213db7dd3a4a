"""A service of two processes: one may leave, join, be another program; restarted under load it answers every request."""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from pymongo import AsyncMongoClient

from distretti.client.api import connect
from distretti.client.wait_until_idle import wait_until_idle
from distretti.devstack.programs import service_names
from distretti.devstack.stack import Stack
from distretti.devstack.state_file import find_running
from distretti.ops.services import audit_all
from shared.contracts.topics import MEMBERS
from tests.chassis.read_topic import sequences
from tests.chassis.runtime.test_process import body
from tests.registry.factories import DISTRICT

REPLICAS = ("registry", "registry-2")
OTHER_SERVICES = tuple(name for name in service_names() if name != "registry")
BY_ANOTHER_WAY = "from services.registry.main import SERVICE; from shared.chassis.runtime.application import run; run(SERVICE)"
CLIENTS, PACE = 4, 0.3
pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(frozen=True)
class ReportedSystem:
    """A running system, and what it reported."""

    stack: Stack
    lines: list[str]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ReportedSystem]:
    """All services, one of them twice, its second process by another program."""
    lines: list[str] = []
    commands = {"registry-2": (sys.executable, "-c", BY_ANOTHER_WAY)}
    directory = tmp_path_factory.mktemp("replicas")
    async with Stack(directory, replicas={"registry": 2}, commands=commands, report=lines.append) as stack:
        yield ReportedSystem(stack, lines)


@dataclass
class Load:
    """Applies and approves at a steady rate, each request once; half of the clients give no Idempotency-Key."""

    http: httpx2.AsyncClient
    approved: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    stopping: bool = False

    async def run(self, first: int) -> None:
        number = first
        while not self.stopping:
            applied = await self._send("/registry/v1/members", f"apply {number}", first, body(number))
            if applied is not None:
                member = applied.json()["id"]
                if await self._send(f"/registry/v1/members/{member}/approve", f"approve {number}", first) is not None:
                    self.approved.append(member)
            number += CLIENTS
            await asyncio.sleep(PACE)

    async def _send(self, path: str, key: str, client: int, json: Any = None) -> httpx2.Response | None:
        headers = {"Idempotency-Key": key} if client % 2 else {}
        try:
            answer = await self.http.post(path, json=json, headers=headers)
        except httpx2.TransportError as error:
            self.failed.append(repr(error))
            return None
        if answer.is_success:
            return answer
        self.failed.append(f"{answer.status_code} {answer.text}")
        return None


@asynccontextmanager
async def under_load(stack: Stack) -> AsyncIterator[Load]:
    """Commands for as long as the block; all that were begun are answered at its end."""
    now = datetime.now(UTC)
    token = stack.issuer.token(subject="load", roles=["operator"], now=now, lifetime=timedelta(hours=1))
    async with httpx2.AsyncClient(base_url=stack.gateway_url, timeout=30, headers={"Authorization": f"Bearer {token}"}) as http:
        (await http.post("/registry/v1/districts", json=DISTRICT)).raise_for_status()
        load = Load(http)
        async with asyncio.TaskGroup() as clients:
            for first in range(CLIENTS):
                clients.create_task(load.run(first))
            try:
                yield load
            finally:
                load.stopping = True


async def restart(stack: Stack, name: str) -> None:
    await stack.stop_process(name)
    await stack.start_process(name)


async def test_a_rolling_restart_fails_no_request_and_loses_and_repeats_nothing(system: ReportedSystem) -> None:
    stack = system.stack
    async with connect(stack.gateway_url, stack.issuer) as client:
        async with under_load(stack) as load:
            for replica in REPLICAS:
                before = len(load.approved)
                await restart(stack, replica)
                assert len(load.approved) > before
            await asyncio.gather(*(restart(stack, name) for name in OTHER_SERVICES))
        assert load.failed == []
        assert not [line for line in system.lines if "killed" in line or "died" in line]
        await wait_until_idle(client, stack.addresses())

        once = dict.fromkeys(load.approved, 1)
        assert await sequences(stack.settings(), MEMBERS, 2 * len(once)) == {member: [1, 2] for member in once}
        async with AsyncMongoClient[dict[str, Any]](stack.mongo_url) as mongo:
            stored = [member["_id"] async for member in mongo["registry"]["members"].find({"version": 2}, {"_id": 1})]
            messages = [message["recipient"] async for message in mongo["notifications"]["messages"].find()]
        assert Counter(stored) == once
        assert Counter(messages) == once
        assert (await audit_all(stack.settings())).differences == []


async def test_a_replica_leaves_and_joins_while_the_other_serves(system: ReportedSystem) -> None:
    stack = system.stack
    async with connect(stack.gateway_url, stack.issuer) as client, httpx2.AsyncClient(timeout=10) as http:
        running = find_running(stack.data_dir)
        assert set(running.services) == set(stack.addresses()) == {*REPLICAS, *OTHER_SERVICES}
        assert running.processes[REPLICAS[0]].pid != running.processes[REPLICAS[1]].pid
        await answered(http, stack, REPLICAS)

        await stack.stop_process(REPLICAS[0])
        assert set(stack.addresses()) == {REPLICAS[1], *OTHER_SERVICES}
        await answered(http, stack, REPLICAS[1:])
        await wait_until_idle(client, stack.addresses())

        await stack.start_process(REPLICAS[0])
        await stack.stop_process(REPLICAS[1])
        await answered(http, stack, REPLICAS[:1])

        await stack.start_process(REPLICAS[1])
        await wait_until_idle(client, stack.addresses())


async def answered(http: httpx2.AsyncClient, stack: Stack, by: tuple[str, ...]) -> None:
    """Sixteen at once through the gateway: all are answered, and each of these replicas has its part."""
    before = {name: await count(http, stack.addresses()[name]) for name in by}
    answers = await asyncio.gather(*(http.get(f"{stack.gateway_url}/registry/v1/taxonomy") for _ in range(16)))
    assert {answer.status_code for answer in answers} == {200}
    for name in by:
        assert await count(http, stack.addresses()[name]) > before[name]


async def count(http: httpx2.AsyncClient, address: str) -> float:
    lines = (await http.get(f"{address}/metrics")).text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith("distretti_http_seconds_count") and "/taxonomy" in line)
