"""Long polls of a shortlist: answered when it is another one, and ended with the service."""

import asyncio

import httpx2
import pytest

from distretti.devstack.token_issuer import Issuer
from shared.chassis.config import Settings
from tests.lib.services import bearer, eventually, serving
from tests.matching.factories import ROUTES, put_list, put_member, suggestion
from tests.matching.suggestion.conftest import PATH, World, waits


async def test_who_waits_is_answered_as_soon_as_the_list_is_another_one(world: World) -> None:
    tag = (await world.get()).headers["etag"]
    waiting = [asyncio.create_task(world.get("wait=50", **{"If-None-Match": tag})) for _ in range(3)]
    await eventually(lambda: waits(world.runtime, 3))
    await put_list(world.mongo, "anna", b2b=[suggestion("dora", 0.9)])
    answers = await asyncio.wait_for(asyncio.gather(*waiting), 20)
    assert [answer.status_code for answer in answers] == [200] * 3
    assert answers[0].json()["suggestions"] != {}
    assert await waits(world.runtime, 0)


async def test_who_waits_for_other_partners_waits_on_while_the_list_changes(world: World) -> None:
    tag = (await world.get("mode=r2b")).headers["etag"]
    waiting = asyncio.create_task(world.get("mode=r2b&wait=2", **{"If-None-Match": tag}))
    await eventually(lambda: waits(world.runtime, 1))
    await put_list(world.mongo, "anna", b2b=[], r2b=[suggestion("lab", 0.5)])
    assert (await waiting).status_code == 304
    assert (await waiting).headers["etag"] == tag


async def test_nobody_waits_for_a_service_that_stops_or_a_caller_that_has_gone(world: World) -> None:
    tag = (await world.get()).headers["etag"]
    with pytest.raises(httpx2.ReadTimeout):
        await world.http.get(f"{PATH}?wait=50", headers=world.headers | {"If-None-Match": tag}, timeout=0.5)
    await eventually(lambda: waits(world.runtime, 0))
    waiting = asyncio.create_task(world.get("wait=50", **{"If-None-Match": tag}))
    await eventually(lambda: waits(world.runtime, 1))
    world.runtime.stopping = True
    assert (await asyncio.wait_for(waiting, 10)).status_code == 304
    assert (await asyncio.wait_for(world.get("wait=50", **{"If-None-Match": tag}), 10)).status_code == 304


async def test_those_who_wait_hold_no_place_of_commands(settings: Settings, issuer: Issuer) -> None:
    narrow = settings.model_copy(update={"requests_at_once": 1, "requests_waiting": 0, "max_long_polls": 5, "long_polls_each": 4})
    async with serving(ROUTES, narrow) as (runtime, http):
        await put_member(runtime.mongo, "anna")
        world = World(runtime, http, bearer(issuer, "member", "anna"))
        tag = (await world.get()).headers["etag"]
        waiting = []
        for number in range(1, 5):
            waiting.append(asyncio.create_task(world.get("wait=50", **{"If-None-Match": tag})))
            await eventually(lambda number=number: waits(runtime, number))
        assert (await world.get()).status_code == 200
        refused = await world.get("wait=50", **{"If-None-Match": '"another"'})
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "2"), "it has its share, and nothing is read for it"
        operator = World(runtime, http, bearer(issuer, "operator"))
        tag = (await operator.get()).headers["etag"]
        waiting.append(asyncio.create_task(operator.get("wait=50", **{"If-None-Match": tag})))
        await eventually(lambda: waits(runtime, 5))
        full = await World(runtime, http, bearer(issuer, "operator", "another")).get("wait=50", **{"If-None-Match": tag})
        assert (full.status_code, full.headers["retry-after"]) == (503, "2")
        runtime.stopping = True
        assert {answer.status_code for answer in await asyncio.gather(*waiting)} <= {304, 503}
