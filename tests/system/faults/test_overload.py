"""Many more commands than a service can do: it refuses early, stays small, loses nothing it acknowledged, recovers."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx2
import psutil
from pymongo import AsyncMongoClient

from distretti.devstack.token_issuer import Issuer
from shared.chassis.config import Settings
from shared.contracts.topics import MEMBERS
from tests.chassis.read_topic import sequences
from tests.chassis.runtime.test_process import body, registry
from tests.lib.services import bearer
from tests.registry.factories import DISTRICT

CLIENTS, COMMANDS_EACH, ORDINARY = 300, 3, 10
# Nobody is refused for waiting too long, so that every refusal is one at the door.
LIMITS = {"requests_at_once": 2, "requests_waiting": 4, "requests_patience": 60}
MEGABYTE = 1_048_576


@dataclass
class Seen:
    """What the clients saw: which commands were acknowledged, by which id, which were refused; the service at its largest."""

    acknowledged: dict[int, str] = field(default_factory=dict)
    refused: list[int] = field(default_factory=list)
    bytes: int = 0


async def test_far_more_than_it_can_do(settings: Settings, issuer: Issuer) -> None:
    headers = bearer(issuer, "operator")
    async with registry(settings, **LIMITS) as (process, http):
        await http.post("/v1/districts", json=DISTRICT, headers=headers)
        service, seen = psutil.Process(process.pid), Seen()
        before = service.memory_info().rss
        limits = httpx2.Limits(max_connections=CLIENTS, max_keepalive_connections=CLIENTS)
        async with httpx2.AsyncClient(base_url=http.base_url, timeout=100, limits=limits) as crowd:
            callers = [bearer(issuer, "operator", f"client-{client}") for client in range(CLIENTS)]
            storm = [asyncio.create_task(send(crowd, callers[client], client, seen, service)) for client in range(CLIENTS)]
            # Who watches a service in distress must be answered.
            for path in ("/health/live", "/health/ready", "/health/accepting", "/health/progress", "/metrics"):
                assert (await http.get(path)).status_code == 200, path
            await asyncio.gather(*storm)
        assert len(seen.refused) > CLIENTS, "it was not offered more than it could do"
        assert seen.acknowledged
        assert seen.bytes - before < 64 * MEGABYTE
        metrics = (await http.get("/metrics")).text
        assert f'distretti_http_refused_total{{reason="busy"}} {len(seen.refused)}.0' in metrics
        assert mean(metrics, "503") < mean(metrics, "201"), "a refusal took as long as the work"

        for number in seen.refused[:ORDINARY]:
            answer = await apply(http, headers, number)
            assert answer.status_code == 201, "it did not recover"
            seen.acknowledged[number] = answer.json()["id"]

        async with AsyncMongoClient[dict[str, Any]](settings.mongo_url) as mongo:
            members = mongo[settings.named("registry")]["members"]
            stored = {document["_id"] async for document in members.find({}, {"_id": 1})}
        assert stored == set(seen.acknowledged.values())
        assert len(stored) == len(seen.acknowledged)
        assert await sequences(settings, MEMBERS, len(stored)) == {id: [1] for id in stored}


async def send(http: httpx2.AsyncClient, headers: dict[str, str], client: int, seen: Seen, service: psutil.Process) -> None:
    """One client: a command when the one before was answered."""
    for number in range(client, CLIENTS * COMMANDS_EACH, CLIENTS):
        answer = await apply(http, headers, number)
        seen.bytes = max(seen.bytes, service.memory_info().rss)
        if answer.status_code == 201:
            seen.acknowledged[number] = answer.json()["id"]
            continue
        assert answer.status_code == 503, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["type"] == "urn:distretti:problem:overloaded"
        assert int(answer.headers["retry-after"]) >= 1
        seen.refused.append(number)


def mean(metrics: str, status: str) -> float:
    """How long the service itself took for requests with this status, seconds."""
    labels = 'method="POST",route="{}",status="{}"'.format("unmatched" if status == "503" else "/members", status)
    count, total = (
        float(
            next(line for line in metrics.splitlines() if line.startswith(f"distretti_http_seconds_{part}{{{labels}}}")).split()[-1]
        )
        for part in ("count", "sum")
    )
    return total / count


async def apply(http: httpx2.AsyncClient, headers: dict[str, str], number: int) -> httpx2.Response:
    return await http.post("/v1/members", json=body(number), headers={**headers, "Idempotency-Key": f"apply {number}"})
