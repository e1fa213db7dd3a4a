"""A member's suggestions over HTTP: what can be asked for, pages, and waiting for another list."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from distretti.devstack.token_issuer import Issuer
from services.matching.projections.brokerage_events import DISTRICTS
from shared.chassis.config import Settings
from shared.chassis.runtime.runtime import Runtime
from tests.lib.services import bearer, eventually, serving
from tests.matching.factories import ROUTES, put_list, put_member, suggestion

LASER, ROBOTS = "ict-photonics/photonics", "smart-factory/robotics"
PATH = "/v1/members/anna/suggestions"
HIDDEN = {"nature": "product", "title": "x", "topics": [ROBOTS], "visibility": "district"}


class World:
    """Anna and those suggested to her."""

    def __init__(self, runtime: Runtime, http: httpx2.AsyncClient, headers: dict[str, str]) -> None:
        self.mongo = runtime.mongo
        self.runtime = runtime
        self.http = http
        self.headers = headers

    async def get(self, query: str = "", **headers: str) -> httpx2.Response:
        return await self.http.get(f"{PATH}?{query}", headers=self.headers | headers)

    async def partners(self, query: str = "") -> dict[str, list[str]]:
        suggestions = (await self.get(query)).json()["suggestions"]
        return {mode: [item["partner"] for item in items] for mode, items in suggestions.items()}


@pytest.fixture
async def world(settings: Settings, issuer: Issuer) -> AsyncIterator[World]:
    async with serving(ROUTES, settings) as (runtime, http):
        mongo = runtime.mongo
        await mongo[DISTRICTS.collection].insert_many([{"_id": id, "name": {}} for id in ("marble", "fashion")])
        await put_member(mongo, "anna")
        await put_member(mongo, "bruno", profile={"topics": [LASER]}, districts=["marble", "fashion"])
        await put_member(mongo, "carla", offers={"o": HIDDEN})
        await put_member(mongo, "dora", districts=["fashion"], offers={"o": HIDDEN})
        await put_member(mongo, "lab", kind="research-organisation", profile={"topics": [LASER]})
        await put_list(
            mongo,
            "anna",
            b2b=[suggestion("bruno", 0.6), suggestion("carla", 0.4), suggestion("dora", 0.2)],
            r2b=[suggestion("lab", 0.5)],
        )
        yield World(runtime, http, bearer(issuer, "member", "anna"))


async def test_what_is_asked_for_is_shown(world: World) -> None:
    assert await world.partners() == {"b2b": ["bruno", "carla", "dora"], "r2b": ["lab"]}
    assert await world.partners("mode=r2b") == {"r2b": ["lab"]}
    assert await world.partners("min_score=0.4&mode=b2b") == {"b2b": ["bruno", "carla"]}
    assert await world.partners("district=fashion") == {"b2b": ["bruno", "dora"], "r2b": []}
    assert await world.partners(f"topic={LASER}") == {"b2b": ["bruno"], "r2b": ["lab"]}
    assert await world.partners("topic=ict-photonics&mode=b2b") == {"b2b": ["bruno"]}


async def test_a_topic_that_only_others_may_see_finds_nobody(world: World) -> None:
    # Both have an offer on robots for their district alone: Carla is of Anna's, Dora is not.
    assert await world.partners(f"topic={ROBOTS}") == {"b2b": ["carla"], "r2b": []}


async def test_who_has_left_is_no_longer_shown(world: World) -> None:
    await world.mongo["members"].update_one({"_id": "bruno"}, {"$set": {"status": "withdrawn"}})
    assert (await world.partners("mode=b2b")) == {"b2b": ["carla", "dora"]}


@pytest.mark.parametrize(
    ("query", "field", "allowed"),
    [
        ("mode=c2c", "mode", "b2b"),
        ("topic=astrology", "topic", "smart-factory"),
        ("district=atlantis", "district", "fashion, marble"),
        ("min_score=2", "min_score", "at most 1"),
        ("min_score=nan", "min_score", ""),
        ("limit=0", "limit", "at least 1"),
        ("cursor=x", "cursor", "next"),
        ("wait=3600", "wait", "at most 55"),
    ],
)
async def test_bad_values_are_told_by_field_with_what_is_allowed(world: World, query: str, field: str, allowed: str) -> None:
    answer = await world.get(query)
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["field"] == field
    assert allowed in error["message"]


async def test_pages_follow_each_other_and_end_when_the_list_is_another_one(world: World) -> None:
    first = (await world.get("limit=2")).json()
    assert [item["partner"] for item in first["suggestions"]["b2b"]] == ["bruno", "carla"]
    second = (await world.get(f"limit=2&cursor={first['next']}")).json()
    assert [item["partner"] for item in second["suggestions"]["b2b"]] == ["dora"]
    assert second["suggestions"]["r2b"] == []
    assert second["next"] is None
    await put_list(world.mongo, "anna", b2b=[suggestion("dora", 0.9)])
    outdated = await world.get(f"limit=2&cursor={first['next']}")
    assert (outdated.status_code, outdated.json()["errors"][0]["field"]) == (409, "cursor")


async def test_the_tag_names_what_is_said_and_not_when_it_was_computed(world: World) -> None:
    first = await world.get()
    tag = first.headers["etag"]
    assert (await world.get(**{"If-None-Match": f'"other", {tag}'})).status_code == 304
    assert (await world.get(**{"If-None-Match": tag, "Accept-Language": "it"})).status_code == 200
    assert (await world.get("mode=b2b", **{"If-None-Match": tag})).status_code == 200
    lists: dict[str, list[dict[str, Any]]] = (await world.mongo["shortlists"].find_one({"_id": "anna"}) or {})["lists"]
    await put_list(world.mongo, "anna", **lists)
    assert (await world.get(**{"If-None-Match": tag})).status_code == 304
    await put_list(world.mongo, "anna", b2b=lists["b2b"][:1])
    assert (await world.get(**{"If-None-Match": tag})).headers["etag"] != tag


async def test_who_waits_is_answered_as_soon_as_the_list_is_another_one(world: World) -> None:
    tag = (await world.get()).headers["etag"]
    waiting = [asyncio.create_task(world.get("wait=50", **{"If-None-Match": tag})) for _ in range(3)]
    await eventually(lambda: _waiting(world.runtime, 3))
    await put_list(world.mongo, "anna", b2b=[suggestion("dora", 0.9)])
    answers = await asyncio.wait_for(asyncio.gather(*waiting), 20)
    assert [answer.status_code for answer in answers] == [200] * 3
    assert answers[0].json()["suggestions"] != {}
    assert await _waiting(world.runtime, 0)


async def test_who_waits_for_other_partners_waits_on_while_the_list_changes(world: World) -> None:
    tag = (await world.get("mode=r2b")).headers["etag"]
    waiting = asyncio.create_task(world.get("mode=r2b&wait=2", **{"If-None-Match": tag}))
    await eventually(lambda: _waiting(world.runtime, 1))
    await put_list(world.mongo, "anna", b2b=[], r2b=[suggestion("lab", 0.5)])
    assert (await waiting).status_code == 304
    assert (await waiting).headers["etag"] == tag


async def test_nobody_waits_for_a_service_that_stops_or_a_caller_that_has_gone(world: World) -> None:
    tag = (await world.get()).headers["etag"]
    with pytest.raises(httpx2.ReadTimeout):
        await world.http.get(f"{PATH}?wait=50", headers=world.headers | {"If-None-Match": tag}, timeout=0.5)
    await eventually(lambda: _waiting(world.runtime, 0))
    waiting = asyncio.create_task(world.get("wait=50", **{"If-None-Match": tag}))
    await eventually(lambda: _waiting(world.runtime, 1))
    world.runtime.stopping = True
    assert (await asyncio.wait_for(waiting, 10)).status_code == 304
    assert (await asyncio.wait_for(world.get("wait=50", **{"If-None-Match": tag}), 10)).status_code == 304


async def test_those_who_wait_hold_no_place_of_commands(settings: Settings, issuer: Issuer) -> None:
    narrow = settings.model_copy(update={"requests_at_once": 1, "requests_waiting": 0, "max_long_polls": 5})
    async with serving(ROUTES, narrow) as (runtime, http):
        await put_member(runtime.mongo, "anna")
        world = World(runtime, http, bearer(issuer, "member", "anna"))
        tag = (await world.get()).headers["etag"]
        waiting = []
        for number in range(1, 6):
            waiting.append(asyncio.create_task(world.get("wait=50", **{"If-None-Match": tag})))
            await eventually(lambda number=number: _waiting(runtime, number))
        assert (await world.get()).status_code == 200
        refused = await world.get("wait=50", **{"If-None-Match": tag})
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
        runtime.stopping = True
        assert {answer.status_code for answer in await asyncio.gather(*waiting)} <= {304, 503}


async def _waiting(runtime: Runtime, count: int) -> bool:
    watcher = runtime.workers[0]
    return bool(watcher.waiting == count)  # type: ignore[attr-defined]
