"""A service as a process of its own: behind a gateway's prefix, stopped while it works, killed and started again."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx2
from pymongo import AsyncMongoClient

from distretti.devstack.ports import Ports
from distretti.devstack.token_issuer import Issuer
from shared.chassis.config import Settings
from shared.chassis.kafka.topics import create_topics
from shared.contracts.topics import CONTACTS, MEMBERS
from tests.chassis.read_topic import sequences
from tests.chassis.runtime.test_operations import loads
from tests.lib.services import bearer, eventually
from tests.registry.factories import DISTRICT, application

PAST, FAR = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@asynccontextmanager
async def registry(settings: Settings, **changes: Any) -> AsyncIterator[tuple[Process, httpx2.AsyncClient]]:
    """`python -m services.registry` once it is ready; killed at the end if it still runs."""
    await create_topics(settings.kafka_bootstrap, settings.namespace)
    own = settings.model_copy(update={"port": Ports.choose(("registry",)).services["registry"], **changes})
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.registry", env={**os.environ, **own.environment()}
    )
    try:
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{own.port}", timeout=20) as http:

            async def ready() -> bool:
                assert process.returncode is None, "it ended instead of getting ready"
                try:
                    return (await http.get("/health/ready")).status_code == 200
                except httpx2.TransportError:
                    return False

            await eventually(ready, 60)
            yield process, http
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def ended(process: Process, seconds: float) -> int:
    async with asyncio.timeout(seconds):
        return await process.wait()


def body(number: int) -> dict[str, object]:
    return application(identifiers=[{"scheme": "pic", "value": f"{number:09}"}])


async def test_behind_a_prefix_the_documents_load_and_commands_work(settings: Settings, issuer: Issuer) -> None:
    async with registry(settings, root_path="/registry") as (process, http):
        assets = await loads(http, "/docs", "/registry")
        assert len([asset for asset in assets if asset.startswith("/registry/")]) >= 3
        assert (await http.get("/openapi.json")).json()["servers"] == [{"url": "/registry"}]
        opened = await http.post("/v1/districts", json=DISTRICT, headers=bearer(issuer, "operator"))
        assert opened.status_code == 201
        assert (await http.get("/v1/districts")).json()["items"][0]["id"] == "marble"
        assert 'route="/districts"' in (await http.get("/metrics")).text
        process.send_signal(signal.SIGINT)
        assert await ended(process, settings.grace) == 0


async def test_a_stop_under_load_loses_nothing_it_acknowledged(settings: Settings, issuer: Issuer) -> None:
    operator = bearer(issuer, "operator")
    acknowledged: list[str] = []
    several_acknowledged = asyncio.Event()

    async def client(http: httpx2.AsyncClient, first: int) -> str:
        for number in range(first, 100_000, 8):
            try:
                answer = await http.post("/v1/members", json=body(number), headers=operator)
            except httpx2.TransportError:
                return "gone"
            assert answer.status_code == 201, answer.text
            acknowledged.append(answer.json()["id"])
            if len(acknowledged) >= 60:
                several_acknowledged.set()
        return "never stopped"

    async with registry(settings) as (process, http):
        await http.post("/v1/districts", json=DISTRICT, headers=operator)
        clients = [asyncio.create_task(client(http, number)) for number in range(8)]
        await asyncio.wait_for(several_acknowledged.wait(), 30)
        process.terminate()
        assert await ended(process, settings.grace) == 0
        assert await asyncio.gather(*clients) == ["gone"] * 8

    async with AsyncMongoClient[dict[str, Any]](settings.mongo_url) as mongo:
        database = mongo[settings.named("registry")]
        assert await database["outbox"].count_documents({"status": "unsent"}) == 0
        members = {document["_id"] async for document in database["members"].find({}, {"_id": 1})}
        assert await database["leases"].count_documents({}) == 0
    assert set(acknowledged) <= members
    assert await sequences(settings, MEMBERS, len(members)) == {id: [1] for id in members}


async def test_it_gives_notice_and_still_answers_before_it_closes_its_door(settings: Settings, issuer: Issuer) -> None:
    operator = bearer(issuer, "operator")
    async with registry(settings, notice=5) as (process, http):
        await http.post("/v1/districts", json=DISTRICT, headers=operator)
        assert (await http.get("/health/accepting")).status_code == 200

        process.terminate()

        async def says_no() -> bool:
            return (await http.get("/health/accepting")).status_code == 503

        await eventually(says_no, 4)
        assert (await http.get("/health/ready")).json()["missing"]["process"] == "stopping"
        answer = await http.post("/v1/members", json=body(1), headers=operator)
        assert answer.status_code == 201
        assert answer.headers["connection"] == "close"
        assert await ended(process, settings.grace + 5) == 0


async def test_what_a_killed_process_left_is_sent_by_the_next(settings: Settings, issuer: Issuer) -> None:
    operator = bearer(issuer, "operator")
    async with AsyncMongoClient[dict[str, Any]](settings.mongo_url) as mongo:
        database = mongo[settings.named("registry")]
        # Somebody else has the lease: what this process commits stays in the outbox.
        await database["leases"].insert_one({"_id": "relay", "holder": "another", "until": FAR})
        async with registry(settings) as (process, http):
            await http.post("/v1/districts", json=DISTRICT, headers=operator)
            contact = {"name": "R", "email": "r@x.example", "language": "it"}
            ids = [(await http.post("/v1/members", json=body(number), headers=operator)).json()["id"] for number in range(5)]
            for id in ids:
                (await http.put(f"/v1/members/{id}/contact", json=contact, headers=operator)).raise_for_status()
            process.kill()
            await process.wait()
        assert await database["outbox"].count_documents({"status": "unsent"}) == 11
        await database["leases"].update_one({"_id": "relay"}, {"$set": {"until": PAST}})
        async with registry(settings):
            assert await sequences(settings, MEMBERS, 5) == {id: [1] for id in ids}
            assert await sequences(settings, CONTACTS, 5) == {id: [1] for id in ids}

            async def all_sent() -> bool:
                return await database["outbox"].count_documents({"status": "sent"}) == 11

            await eventually(all_sent)


async def test_without_its_topics_it_does_not_start_and_says_what_to_do(settings: Settings) -> None:
    own = settings.model_copy(update={"port": Ports.choose(("registry",)).services["registry"]})
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.registry", env={**os.environ, **own.environment()}, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode not in (0, None)
    assert "`distretti up` creates them" in output.decode()
