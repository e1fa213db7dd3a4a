"""MongoDB and Kafka frozen and killed while events flow: nothing lost, nothing twice, and nobody has to help.

On processes of its own: the other tests share theirs. Frozen first, so that what is answered meanwhile is seen for sure.
"""

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from typing import Any

import httpx2
import pytest

from distretti.devstack.backends import Infrastructure
from distretti.devstack.sync_context import in_background
from distretti.devstack.token_issuer import Issuer
from services.registry.main import SERVICE as REGISTRY
from shared.chassis.config import Settings
from shared.chassis.outbox.outbox import OUTBOX, UNSENT
from shared.chassis.runtime.runtime import Runtime
from shared.contracts.topics import MEMBERS
from tests.chassis.consumers.test_consumer import greetings, seen
from tests.chassis.read_topic import sequences
from tests.chassis.runtime.test_process import body, ended, registry
from tests.chassis.sample_service import GREETER
from tests.lib.services import bearer, eventually, serving
from tests.registry.factories import DISTRICT


@pytest.fixture(scope="module")
def fragile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Infrastructure]:
    with in_background(Infrastructure(tmp_path_factory.mktemp("fragile"))) as running:
        yield running


@pytest.fixture
def settings(settings: Settings, fragile: Infrastructure) -> Settings:
    """Settings on the processes that may be killed, with short times to wait for them."""
    changes = {"mongo_url": fragile.mongo_url, "kafka_bootstrap": fragile.kafka_bootstrap, "mongo_timeout": 1, "grace": 5}
    return settings.model_copy(update=changes)


@contextmanager
def frozen(infrastructure: Infrastructure, name: str) -> Iterator[None]:
    """Freeze a process for the length of the block, or until it is killed in it."""
    child = infrastructure.supervisor.children()[name]
    pid = child.pid
    assert pid
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        if child.pid == pid:
            os.kill(pid, signal.SIGCONT)


async def kill(infrastructure: Infrastructure, name: str) -> None:
    """kill -9, and wait until it answers again."""
    infrastructure.supervisor.kill(name)
    await infrastructure.supervisor.until_ready(name)


class Applicants:
    """Send applications and approve them, again and again under one key until each is answered, as clients should."""

    def __init__(self, http: httpx2.AsyncClient, operator: dict[str, str]) -> None:
        self._http = http
        self._operator = operator
        self.refused: Counter[int] = Counter()
        self.members: list[str] = []
        self.stopping = False

    async def run(self, first: int) -> None:
        number = first
        while not self.stopping:
            member = (await self._command("/v1/members", f"apply {number}", body(number))).json()["id"]
            await self._command(f"/v1/members/{member}/approve", f"approve {number}")
            self.members.append(member)
            number += 4

    async def _command(self, path: str, key: str, json: Any = None) -> httpx2.Response:
        while True:
            try:
                answer = await self._http.post(path, json=json, headers=self._operator | {"Idempotency-Key": key})
            except httpx2.TimeoutException:
                continue
            if answer.status_code in (200, 201):
                return answer
            assert answer.headers["content-type"] == "application/problem+json", answer.text
            assert answer.status_code == 503, answer.text
            assert answer.json()["type"] == "urn:distretti:problem:unavailable"
            assert answer.headers["retry-after"]
            self.refused[answer.status_code] += 1


@asynccontextmanager
async def applying(http: httpx2.AsyncClient, operator: dict[str, str]) -> AsyncIterator[Applicants]:
    """Four clients at once, for as long as the block; every one finishes what it began."""
    applicants = Applicants(http, operator)
    tasks = [asyncio.create_task(applicants.run(number)) for number in range(4)]
    try:
        yield applicants
        applicants.stopping = True
        async with asyncio.timeout(60):
            await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def recovered(registry: Runtime, *clients: httpx2.AsyncClient) -> None:
    """Wait until everything is sent and every service is ready again."""

    async def at_rest() -> bool:
        ready = [(await http.get("/health/ready")).status_code == 200 for http in clients]
        return all(ready) and await registry.mongo[OUTBOX].count_documents(UNSENT) == 0

    await eventually(at_rest)


async def nothing_lost_nothing_twice(settings: Settings, consuming: Runtime, members: list[str]) -> None:
    assert len(set(members)) == len(members)

    async def all_heard() -> bool:
        total = await consuming.mongo["greetings"].find_one({"_id": "everybody"}) or {"state": {"greetings": 0}}
        return bool(total["state"]["greetings"] >= len(members))

    await eventually(all_heard, 60)
    for member in members:
        assert (await seen(consuming, member, 2))["name"]
        await greetings(consuming, member, 1)
    await greetings(consuming, "everybody", len(members))
    assert await consuming.mongo["seen"].count_documents({}) == len(members)
    on_topic = await sequences(settings, MEMBERS, 2 * len(members))
    assert {id: list(dict.fromkeys(sent)) for id, sent in on_topic.items()} == {member: [1, 2] for member in members}


async def test_mongodb_killed_while_events_flow(settings: Settings, fragile: Infrastructure, issuer: Issuer) -> None:
    operator = bearer(issuer, "operator")
    async with serving(REGISTRY, settings) as (registry, http), serving(GREETER, settings) as (consuming, consuming_http):
        await http.post("/v1/districts", json=DISTRICT, headers=operator)
        async with applying(http, operator) as applicants:

            async def some_applied() -> bool:
                return len(applicants.members) >= 20

            await eventually(some_applied)
            with frozen(fragile, "mongod"):

                async def refused() -> bool:
                    return applicants.refused[503] >= 4

                await eventually(refused)
                not_ready = await http.get("/health/ready")
                assert (not_ready.status_code, list(not_ready.json()["missing"])) == (503, ["mongo"])
                assert (await consuming_http.get("/health/live")).status_code == 200
                assert (await http.get("/metrics")).status_code == 200
                await kill(fragile, "mongod")
            before = len(applicants.members)

            async def many_more() -> bool:
                return len(applicants.members) >= before + 20

            await eventually(many_more, 60)
        await nothing_lost_nothing_twice(settings, consuming, applicants.members)
        await recovered(registry, http, consuming_http)


async def test_kafka_killed_while_events_flow(settings: Settings, fragile: Infrastructure, issuer: Issuer) -> None:
    operator = bearer(issuer, "operator")
    async with serving(REGISTRY, settings) as (registry, http), serving(GREETER, settings) as (consuming, consuming_http):
        await http.post("/v1/districts", json=DISTRICT, headers=operator)
        with ExitStack() as frost:
            async with applying(http, operator) as applicants:

                async def some_applied() -> bool:
                    return len(applicants.members) >= 20

                await eventually(some_applied)
                frost.enter_context(frozen(fragile, "kafka"))
                before = len(applicants.members)

                async def many_more() -> bool:
                    return len(applicants.members) >= before + 20

                await eventually(many_more)
            assert await registry.mongo[OUTBOX].count_documents(UNSENT) >= 20
            not_ready = await http.get("/health/ready")
            assert (not_ready.status_code, list(not_ready.json()["missing"])) == (503, ["kafka"])
            for consumer in consuming.consumers:
                consumer.last_progress -= 3600
            assert (await consuming_http.get("/health/live")).json()["stuck"] == []
            await kill(fragile, "kafka")
        assert not applicants.refused
        await nothing_lost_nothing_twice(settings, consuming, applicants.members)
        await recovered(registry, http, consuming_http)


@pytest.mark.parametrize("stopped_part", ["mongod", "kafka"])
async def test_a_stop_does_not_wait_for_what_is_gone(
    settings: Settings, fragile: Infrastructure, issuer: Issuer, stopped_part: str
) -> None:
    async with registry(settings, grace=2) as (process, http):
        operator = bearer(issuer, "operator")
        await http.post("/v1/districts", json=DISTRICT, headers=operator)
        with frozen(fragile, stopped_part):
            if stopped_part == "kafka":
                assert (await http.post("/v1/members", json=body(1), headers=operator)).status_code == 201
            process.terminate()
            assert await ended(process, 20) == 0
