"""What a service takes in: a bounded number of requests, bodies of a bounded length, and no more than the outbox holds."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import APIRouter, Request

from distretti.devstack.token_issuer import Issuer
from services.registry.main import SERVICE as REGISTRY
from shared.chassis.config import Settings
from shared.chassis.errors import TooManyRequests, Unavailable
from shared.chassis.http.concurrency_limit import ConcurrencyLimit, Permit, acquire
from shared.chassis.runtime.service import Service
from shared.chassis.telemetry.metrics_and_traces import Metrics
from tests.chassis.runtime.test_process import body
from tests.lib.services import bearer, eventually, serving
from tests.registry.factories import DISTRICT, application


async def test_requests_beyond_the_limit_wait_and_those_beyond_the_queue_are_refused() -> None:
    limit = ConcurrencyLimit(max_concurrent=2, max_queued=1, max_wait=60)
    assert await limit.acquire()
    assert await limit.acquire()
    third = asyncio.create_task(limit.acquire())
    await asyncio.sleep(0)

    assert not await limit.acquire(), "a second one must not wait"
    limit.release()
    assert await third
    limit.release()
    assert await limit.acquire()


async def test_who_waits_too_long_is_sent_away_and_takes_no_place() -> None:
    limit = ConcurrencyLimit(max_concurrent=1, max_queued=1, max_wait=0.01)
    assert await limit.acquire()

    assert not await limit.acquire()

    limit.release()
    assert await limit.acquire()


async def test_the_first_to_wait_is_the_first_to_enter() -> None:
    limit, order = ConcurrencyLimit(max_concurrent=1, max_queued=9, max_wait=60), []
    assert await limit.acquire()

    async def enter_and_leave(number: int) -> None:
        assert await limit.acquire()
        order.append(number)
        limit.release()

    waiting = [asyncio.create_task(enter_and_leave(number)) for number in range(9)]
    await asyncio.sleep(0)
    limit.release()
    await asyncio.gather(*waiting)
    assert order == list(range(9))


async def test_a_caller_has_half_of_the_places_and_of_the_queue_and_who_holds_fewest_is_next() -> None:
    limit, order = ConcurrencyLimit(max_concurrent=4, max_queued=4, max_wait=60, callers=2), []

    async def enter(caller: str) -> None:
        assert await limit.acquire(caller)
        order.append(caller)

    async def queued(*callers: str) -> list[asyncio.Task[None]]:
        tasks = [asyncio.create_task(enter(caller)) for caller in callers]
        await asyncio.sleep(0)
        return tasks

    waiting = await queued("ann", "ann", "ann", "ann")
    assert order == ["ann", "ann"], "two of four places"
    with pytest.raises(TooManyRequests, match="4"):
        await acquire(limit, "ann")
    waiting += await queued("bea", "cid", "bea", "dan")
    assert order == ["ann", "ann", "bea", "cid"], "places that one caller may not take are free for others"
    with pytest.raises(Unavailable):
        await acquire(limit, "eva")
    limit.release("ann")
    limit.release("cid")

    async def two_more() -> bool:
        return len(order) == 6

    assert await eventually(two_more)
    assert order[4:] == ["dan", "ann"], "who holds nothing enters before who came earlier"
    waiting[3].cancel()
    for caller in ("ann", "ann", "bea", "dan"):
        limit.release(caller)
    await asyncio.gather(*waiting, return_exceptions=True)
    for caller in order[6:]:
        limit.release(caller)
    assert not any(limit.under_way(caller) for caller in ("ann", "bea", "cid", "dan", "eva"))
    assert await limit.acquire("ann")


@pytest.mark.parametrize("has_token", [True, False])
async def test_one_caller_takes_half_and_others_are_served(settings: Settings, issuer: Issuer, has_token: bool) -> None:
    router, full, end = APIRouter(), asyncio.Event(), asyncio.Event()
    inside = itertools.count(1)

    @router.get("/slow")
    async def slow() -> str:
        if next(inside) == 2:
            full.set()
        await end.wait()
        return "done"

    @router.get("/quick")
    async def quick() -> str:
        return "done"

    flooding = bearer(issuer, "member", "flood") if has_token else {}
    own = settings.model_copy(update={"requests_at_once": 4, "requests_waiting": 2})
    async with serving(Service("slow", router), own) as (_, http):
        flood = [asyncio.create_task(http.get("/v1/slow", headers=flooding)) for _ in range(5)]
        await full.wait()
        done, _ = await asyncio.wait(flood, return_when=asyncio.FIRST_COMPLETED)
        refused = [task.result() for task in done]
        assert {(answer.status_code, answer.headers["retry-after"]) for answer in refused} == {(429, "2")}
        assert refused[0].json()["type"] == "urn:distretti:problem:share-exceeded"
        for _ in range(4):
            answer = await http.get("/v1/quick", headers=bearer(issuer, "member", "other"))
            assert answer.status_code == 200
        assert 'distretti_http_refused_total{reason="share"}' in (await http.get("/metrics")).text
        end.set()
        assert sorted(answer.status_code for answer in await asyncio.gather(*flood)) == [200, 200, 200, 429, 429]


async def test_an_overloaded_service_refuses_in_the_callers_language_and_still_answers_operations(settings: Settings) -> None:
    router, inside, end = APIRouter(), asyncio.Event(), asyncio.Event()

    @router.get("/slow")
    async def slow() -> str:
        inside.set()
        await end.wait()
        return "done"

    own = settings.model_copy(update={"requests_at_once": 1, "requests_waiting": 0, "root_path": "/here"})
    async with serving(Service("slow", router), own) as (_, http):
        first = asyncio.create_task(http.get("/v1/slow"))
        await inside.wait()

        refused = await http.get("/v1/slow", headers={"Accept-Language": "it"})
        assert refused.status_code == 503
        assert refused.headers["retry-after"] == "2"
        assert refused.json()["type"] == "urn:distretti:problem:overloaded"
        assert "riprovare" in refused.json()["detail"]
        assert (await http.get("/health/ready")).status_code == 200
        assert 'distretti_http_refused_total{reason="busy"} 1.0' in (await http.get("/metrics")).text

        end.set()
        assert (await first).status_code == (await http.get("/v1/slow")).status_code == 200


async def test_a_request_that_only_waits_lends_its_place(settings: Settings) -> None:
    router, waiting, changed = APIRouter(), asyncio.Event(), asyncio.Event()

    @router.get("/changes")
    async def changes(request: Request) -> str:
        async with request.state.permit.released_while_waiting():
            waiting.set()
            await changed.wait()
        return "changed"

    @router.get("/quick")
    async def quick() -> str:
        return "done"

    own = settings.model_copy(update={"requests_at_once": 1, "requests_waiting": 0, "max_long_polls": 1})
    async with serving(Service("slow", router), own) as (_, http):
        first = asyncio.create_task(http.get("/v1/changes"))
        await waiting.wait()
        assert (await http.get("/v1/quick")).status_code == 200
        refused = await http.get("/v1/changes")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
        changed.set()
        assert (await first).json() == "changed"
        assert (await http.get("/v1/quick")).status_code == 200


async def test_who_finds_no_place_after_waiting_is_told_and_holds_none() -> None:
    requests, long_polls = (
        ConcurrencyLimit(max_concurrent=1, max_queued=0, max_wait=60),
        ConcurrencyLimit(max_concurrent=1, max_queued=0, max_wait=0),
    )
    assert await requests.acquire()
    permit = Permit(requests, long_polls, Metrics())
    with pytest.raises(Unavailable):
        async with permit.released_while_waiting():
            assert await requests.acquire(), "another has it meanwhile"
    permit.release()
    assert not await requests.acquire(), "the other one has it still"
    requests.release()
    assert await requests.acquire()
    assert await long_polls.acquire()


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_may_not_be_longer_than_agreed(settings: Settings, issuer: Issuer, announced: bool) -> None:
    async with serving(REGISTRY, settings.model_copy(update={"body_bytes": 5000})) as (_, http):
        operator = bearer(issuer, "operator")
        await http.post("/v1/districts", json=DISTRICT, headers=operator)

        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(6):
                yield b" " * 1000

        answer = await http.post("/v1/members", content=b" " * 6000 if announced else pieces(), headers=operator)
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"
        assert "5000 bytes" in answer.json()["detail"]
        assert (await http.post("/v1/members", json=application(), headers=operator)).status_code == 201
        # An import is read piece by piece, however long it is.
        imported = await http.post("/v1/members/import", content=b"\n" * 6000, headers=operator)
        assert imported.status_code == 200


async def test_commands_wait_outside_while_the_outbox_is_full(settings: Settings, issuer: Issuer) -> None:
    operator = bearer(issuer, "operator")
    async with serving(REGISTRY, settings.model_copy(update={"outbox_most": 3})) as (runtime, http):
        # Another has the lease and sends nothing.
        await runtime.relay.stop()
        await http.post("/v1/districts", json=DISTRICT, headers=operator)

        numbers = itertools.count()

        async def apply() -> httpx2.Response:
            return await http.post("/v1/members", json=body(next(numbers)), headers=operator)

        async def refused() -> httpx2.Response | None:
            answer = await apply()
            return None if answer.status_code == 201 else answer

        async def accepted() -> bool:
            return (await apply()).status_code == 201

        answer = await eventually(refused)
        assert answer is not None
        assert answer.status_code == 503
        assert answer.json()["type"] == "urn:distretti:problem:outbox-full"
        assert answer.headers["retry-after"]
        assert (await http.get("/v1/districts")).status_code == 200
        line = await http.post("/v1/members/import", content=b"{}", headers=operator)
        assert json.loads(line.text.splitlines()[0])["status"] == "failed"

        while await runtime.relay.round():
            pass
        assert await eventually(accepted)
