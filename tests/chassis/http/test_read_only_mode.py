"""A service in read-only mode: what may change something is refused, also the rest of what is under way."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, cast

import httpx2
import pytest

from distretti.devstack.token_issuer import Issuer
from services.registry.main import SERVICE
from shared.chassis.config import Settings
from shared.chassis.http import read_only_mode
from shared.chassis.http.read_only_mode import READ_ONLY_LEASE, ReadOnlyMiddleware, ReadOnlyMode
from shared.chassis.http.request_intake import RequestIntake
from shared.chassis.runtime.application import application
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.workers.lease import Lease
from tests.lib.services import bearer, eventually, serving

NAME = {"it": "Marmo", "en": "Marble"}


def closing(runtime: Runtime, seconds: float) -> Lease:
    return Lease(runtime.mongo, READ_ONLY_LEASE, lambda: datetime.now(UTC), seconds=seconds)


async def test_closed_for_commands_until_the_lease_ends(settings: Settings, issuer: Issuer) -> None:
    headers = {**bearer(issuer, "operator"), "Accept-Language": "it"}
    async with serving(SERVICE, settings) as (runtime, http):

        async def command() -> httpx2.Response:
            return await http.post("/v1/districts", json={"id": "marble", "name": NAME, "theme": NAME}, headers=headers)

        async def answers(status: int) -> bool:
            return (await command()).status_code == status

        assert (await command()).status_code == 201
        assert await closing(runtime, 4).acquire()
        await eventually(lambda: answers(503), 3)
        refused = await command()
        assert refused.headers["Retry-After"] == "2"
        assert refused.json()["type"] == "urn:distretti:problem:backup-under-way"
        assert "salvataggio" in refused.json()["detail"]
        assert (await http.get("/v1/districts")).status_code == 200
        await eventually(lambda: answers(201), 8)


async def test_an_import_under_way_is_told_line_by_line(settings: Settings, issuer: Issuer) -> None:
    line = {"name": "Uno", "kind": "sme", "districts": ["marble"], "place": {"country": "IT"}}
    headers = bearer(issuer, "operator")
    async with serving(SERVICE, settings) as (runtime, http):
        await http.post("/v1/districts", json={"id": "marble", "name": NAME, "theme": NAME}, headers=headers)

        async def lines() -> AsyncIterator[bytes]:
            yield json.dumps({**line, "identifiers": [{"scheme": "pic", "value": "100000001"}]}).encode() + b"\n"

            async def admitted() -> bool:
                return await runtime.mongo["members"].count_documents({}) == 1

            await eventually(admitted)
            await closing(runtime, 60).acquire()

            async def closed() -> bool:
                return (await http.post("/v1/districts", json={}, headers=headers)).status_code == 503

            await eventually(closed, 3)
            yield json.dumps({**line, "identifiers": [{"scheme": "pic", "value": "100000002"}]}).encode() + b"\n"

        answer = await http.post("/v1/members/import", content=lines(), headers=headers)
        *results, summary = [json.loads(result) for result in answer.text.splitlines()]
        assert [result["status"] for result in results] == ["created", "failed"]
        assert results[1]["errors"][0]["rule"] == "backup-under-way"
        assert (summary["lines"], summary["created"], summary["failed"]) == (2, 1, 1)
        assert await runtime.mongo["members"].count_documents({}) == 1


class UnavailableMongo:
    """A database that answers nothing until it is told to fail."""

    def __init__(self) -> None:
        self.reads = 0
        self.failing = asyncio.Event()

    def __getitem__(self, _collection: str) -> "UnavailableMongo":
        return self

    async def find_one(self, _query: object) -> None:
        self.reads += 1
        await self.failing.wait()
        raise ConnectionError("away")


async def test_all_who_ask_share_one_read_and_its_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    mongo = UnavailableMongo()
    mode = ReadOnlyMode(cast(Any, mongo), lambda: datetime.now(UTC))
    checks = [asyncio.create_task(mode.check()) for _ in range(50)]
    await asyncio.sleep(0)
    mongo.failing.set()
    failures = await asyncio.gather(*checks, return_exceptions=True)
    assert {type(failure) for failure in failures} == {ConnectionError}
    mongo.failing.clear()
    with pytest.raises(ConnectionError):
        await asyncio.wait_for(mode.check(), 1)
    assert mongo.reads == 1

    monkeypatch.setattr(read_only_mode, "REFRESH_SECONDS", -1)
    mongo.failing.set()
    with pytest.raises(ConnectionError):
        await mode.check()
    assert mongo.reads == 2


async def test_who_waits_for_the_database_to_tell_does_so_at_a_place(settings: Settings) -> None:
    inwards = [layer.cls for layer in application(Runtime(SERVICE, settings)).user_middleware]
    assert inwards.index(cast(Any, RequestIntake)) < inwards.index(cast(Any, ReadOnlyMiddleware))
