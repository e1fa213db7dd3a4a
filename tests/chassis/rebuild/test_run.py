"""Projections folded again while their service runs: right afterwards, never missing, and without any effect."""

import asyncio
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from distretti.devstack.token_issuer import Issuer
from services.registry.main import SERVICE as REGISTRY
from shared.chassis.clock import utc_now
from shared.chassis.config import Settings
from shared.chassis.inbox.held_events import WAITING
from shared.chassis.inbox.message import Received
from shared.chassis.inbox.positions import POSITIONS
from shared.chassis.mongo import Mongo
from shared.chassis.rebuild.run import LEASE_SECONDS, AlreadyRebuilding
from shared.chassis.runtime.runtime import Runtime
from shared.contracts.base import DomainEvent
from shared.contracts.registry import MemberApproved
from shared.contracts.topics import MEMBERS
from tests.chassis.consumers.test_consumer import APPLIED, revised, seen
from tests.chassis.rebuild.fixtures import content, differing, left_behind, rebuilt
from tests.chassis.sample_service import GREETER, MEMBERS_SEEN
from tests.lib.publish_event import feed
from tests.lib.services import bearer, eventually, serving
from tests.registry.factories import DISTRICT, PROFILE, application


async def history(settings: Settings, runtime: Runtime, ids: list[str]) -> None:
    """Members that applied and were approved, and are folded; their marks are taken away."""
    for id in ids:
        await feed(settings, MEMBERS, id, 1, APPLIED)
        await feed(settings, MEMBERS, id, 2, MemberApproved())
    for id in ids:
        await seen(runtime, id, 2)
    await runtime.mongo["dirty"].delete_many({})


async def test_what_was_damaged_is_right_afterwards_and_alone_is_marked(settings: Settings) -> None:
    async with serving(GREETER, settings) as (runtime, _):
        ids = [f"m{number}" for number in range(12)]
        await history(settings, runtime, ids)
        right = await content(runtime.mongo, "seen")
        await runtime.mongo["seen"].update_one({"_id": "m3"}, {"$set": {"name": "altered by hand"}})
        await runtime.mongo["seen"].delete_one({"_id": "m5"})
        await runtime.mongo["seen"].insert_one({"_id": "nobody", "events": 1})
        members, _ = await rebuilt(GREETER, settings)
        assert (members.events, members.documents, members.changed, members.removed, members.left) == (24, 12, 2, 1, [])
        assert await content(runtime.mongo, "seen") == right
        assert [mark["_id"] for mark in await content(runtime.mongo, "dirty")] == ["m3", "m5"]
        assert await differing(GREETER, settings) == []
        assert await left_behind(runtime.mongo) == []
        await feed(settings, MEMBERS, "m5", 3, revised("the service goes on where it was"))
        await seen(runtime, "m5", 3)


async def test_commands_keep_arriving_and_reads_never_miss_or_go_back(settings: Settings, issuer: Issuer) -> None:
    async with serving(REGISTRY, settings) as (_, http), serving(GREETER, settings) as (runtime, _):
        operator = bearer(issuer, "operator")
        await http.post("/v1/districts", json=DISTRICT, headers=operator)
        ids = [await apply(http, operator, number) for number in range(30)]
        for id in ids:
            await seen(runtime, id, 1)
        await runtime.mongo["seen"].update_many({"_id": {"$in": ids[:20]}}, {"$set": {"name": "altered by hand"}})
        done = asyncio.Event()
        revisions = Counter[str]()
        commanding = asyncio.create_task(command(http, operator, ids, revisions, done))
        reading = asyncio.create_task(read(runtime, ids, done))
        while revisions.total() < 20 and not commanding.done():
            members, _ = await rebuilt(GREETER, settings)
            assert members.left == []
        done.set()
        await commanding
        assert await reading > 5
        for id in ids:
            document = await seen(runtime, id, 1 + revisions[id])
            assert document["name"] != "altered by hand"
        assert await differing(GREETER, settings) == []


async def apply(http: httpx2.AsyncClient, operator: dict[str, str], number: int) -> str:
    """A member of the registry."""
    body = application(identifiers=[{"scheme": "pic", "value": f"{number:09}"}])
    return str((await http.post("/v1/members", json=body, headers=operator)).json()["id"])


async def command(
    http: httpx2.AsyncClient, operator: dict[str, str], ids: list[str], revisions: Counter[str], done: asyncio.Event
) -> None:
    """Revise members and take new ones in until done; count how often each was revised."""
    number = 1000
    while not done.is_set():
        id = ids[number % len(ids)]
        body = PROFILE | {"summary": f"revision {number}"}
        (await http.put(f"/v1/members/{id}/profile", json=body, headers=operator)).raise_for_status()
        revisions[id] += 1
        number += 1
        await apply(http, operator, number)


async def read(runtime: Runtime, ids: list[str], done: asyncio.Event) -> int:
    """Read until done: each member is there, and never with fewer events than before. Tells how often it has read."""
    before: dict[str, int] = {}
    times = 0
    while not done.is_set():
        counts = {document["_id"]: document["events"] async for document in runtime.mongo["seen"].find({"_id": {"$in": ids}})}
        assert counts.keys() == set(ids)
        assert all(events >= before.get(id, 0) for id, events in counts.items())
        before = counts
        times += 1
    return times


def fold_poison(id: str, document: Any, received: Received, event: DomainEvent) -> Any:
    """Fold as the service does, but take what it could not take."""
    before = document or {"events": 0, "name": None, "summaries": []}
    try:
        return MEMBERS_SEEN.fold(id, document, received, event)
    except ValueError:
        return {**before, "events": before["events"] + 1}


async def test_dead_letters_of_the_old_fold_are_applied_by_the_new_one(settings: Settings) -> None:
    async with serving(GREETER, settings) as (runtime, _):
        for sequence, event in enumerate([APPLIED, revised("poison"), revised("after")], 1):
            await feed(settings, MEMBERS, "bad", sequence, event)
        await eventually(lambda: _waiting(runtime, 2))
        mended = replace(MEMBERS_SEEN, fold=fold_poison)
        [members] = await rebuilt(GREETER, settings, [mended])
        assert (members.changed, members.left) == (1, [])
        assert await runtime.mongo["seen"].find_one({"_id": "bad"}) == {
            "_id": "bad",
            "events": 3,
            "name": "Esempio",
            "summaries": ["after"],
        }
        assert await _waiting(runtime, 0)
        await feed(settings, MEMBERS, "bad", 4, revised("then"))
        await seen(runtime, "bad", 4)


async def test_an_event_held_behind_a_fixed_one_is_a_dead_letter_where_the_new_fold_fails_on_it(settings: Settings) -> None:
    def mended(id: str, document: Any, received: Received, event: DomainEvent) -> Any:
        if received.sequence == 4:
            raise ValueError("nor this one")
        return fold_poison(id, document, received, event)

    async with serving(GREETER, settings) as (runtime, _):
        for sequence, event in enumerate([APPLIED, revised("poison"), revised("after"), revised("beyond")], 1):
            await feed(settings, MEMBERS, "bad", sequence, event)
        await eventually(lambda: _waiting(runtime, 3))
        [members] = await rebuilt(GREETER, settings, [replace(MEMBERS_SEEN, fold=mended)])
        assert members.changed == 1
        left = await runtime.mongo[WAITING].find({"consumer": MEMBERS_SEEN.name}).to_list(None)
        assert [(entry["sequence"], entry["kind"], entry["reason"]) for entry in left] == [
            (4, "parked", "ValueError('nor this one')")
        ], "nothing else would ever take it up"


async def _waiting(runtime: Runtime, count: int) -> bool:
    return await runtime.mongo[WAITING].count_documents({"consumer": MEMBERS_SEEN.name}) == count


async def test_what_the_new_fold_cannot_take_is_left_as_it_is_and_told(settings: Settings) -> None:
    async with serving(GREETER, settings) as (runtime, _):
        await history(settings, runtime, ["m1", "m2"])
        await runtime.mongo["seen"].update_many({}, {"$set": {"name": "altered by hand"}})

        def fails(id: str, document: Any, received: Received, event: DomainEvent) -> Any:
            if id == "m1" and received.sequence == 2:
                raise ValueError("not this one")
            return MEMBERS_SEEN.fold(id, document, received, event)

        [members] = await rebuilt(GREETER, settings, [replace(MEMBERS_SEEN, fold=fails)])
        assert members.left == ["registry.members|m1 2 cannot be folded: ValueError('not this one')"]
        names = [document["name"] for document in await content(runtime.mongo, "seen")]
        assert names == ["altered by hand", "Esempio"]
        assert await runtime.mongo[WAITING].count_documents({}) == 0


async def test_one_document_of_many_aggregates_is_taken_over_whole(settings: Settings) -> None:
    def count(_id: str, document: Any, received: Received, _event: DomainEvent) -> Any:
        return {"events": (document or {"events": 0})["events"] + 1}

    totals = replace(MEMBERS_SEEN, name="hearing.totals", collection="totals", fold=count, targets=lambda *_: ("all",))
    counting = replace(GREETER, projections=(totals,), reactions=lambda _: ())
    async with serving(counting, settings) as (runtime, _):
        for number in range(40):
            await feed(settings, MEMBERS, f"m{number}", 1, APPLIED)

        async def counted(events: int) -> bool:
            return await runtime.mongo["totals"].count_documents({"_id": "all", "events": events}) == 1

        await eventually(lambda: counted(40))
        await runtime.mongo["totals"].update_one({"_id": "all"}, {"$set": {"events": 7}})
        more = asyncio.create_task(_feed_more(settings))
        [done] = await rebuilt(counting, settings)
        await more
        assert (done.changed, done.left) == (1, [])
        await eventually(lambda: counted(60))
        assert await differing(counting, settings) == []


async def _feed_more(settings: Settings) -> None:
    for number in range(20):
        await feed(settings, MEMBERS, f"m{number}", 2, MemberApproved())


async def test_a_second_rebuild_at_once_is_refused(settings: Settings) -> None:
    async with serving(GREETER, settings) as (runtime, _):
        await history(settings, runtime, ["m1"])
        first, second = await asyncio.gather(rebuilt(GREETER, settings), rebuilt(GREETER, settings), return_exceptions=True)
        assert {type(first), type(second)} == {list, AlreadyRebuilding}
        assert await left_behind(runtime.mongo) == []


async def test_a_service_that_is_down_is_rebuilt_too(settings: Settings) -> None:
    async with serving(GREETER, settings) as (runtime, _):
        await history(settings, runtime, ["m1", "m2"])
        right = await content(runtime.mongo, "seen")
    await feed(settings, MEMBERS, "m1", 3, revised("while it is down"))
    mongo = Mongo(settings.mongo_url, settings.named("hearing"), 10)
    await mongo["seen"].delete_many({})
    members, _ = await rebuilt(GREETER, settings)
    mongo.close()
    assert (members.changed, members.left) == (2, [])
    async with serving(GREETER, settings) as (runtime, _):
        await feed(settings, MEMBERS, "m1", 4, revised("again up"))
        document = await seen(runtime, "m1", 4)
        assert document["summaries"] == ["while it is down", "again up"]
        assert (await content(runtime.mongo, "seen"))[1] == right[1]
        assert await differing(GREETER, settings) == []


async def test_a_killed_rebuild_changed_nothing_and_the_next_leaves_nothing_behind(settings: Settings) -> None:
    async with serving(GREETER, settings) as (runtime, _):
        await history(settings, runtime, [f"m{number}" for number in range(20)])
        right = await content(runtime.mongo, "seen")
        await runtime.mongo["seen"].update_one({"_id": "m3"}, {"$set": {"name": "altered by hand"}})
        damaged = await content(runtime.mongo, "seen")
        environment = {**os.environ, **settings.model_copy(update={"batch": 2}).environment()}
        async with transactions_end_soon(runtime.mongo):
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.chassis.rebuild.rebuild_process", env=environment
            )
            try:
                await eventually(lambda: folded_beside(runtime.mongo), 60)
            finally:
                process.kill()
                await process.wait()
        assert 0 < await folded_beside(runtime.mongo) < len(right)
        assert await content(runtime.mongo, "seen") == damaged
        with pytest.raises(AlreadyRebuilding):
            await rebuilt(GREETER, settings)
        members, _ = await rebuilt(GREETER, settings, clock=lambda: utc_now() + timedelta(seconds=LEASE_SECONDS + 1))
        assert (members.changed, members.left) == (1, [])
        assert await content(runtime.mongo, "seen") == right
        assert await left_behind(runtime.mongo) == []


async def folded_beside(mongo: Mongo) -> int:
    """Count the aggregates that a rebuild has folded so far."""
    databases = await mongo.databases(f"{mongo.database.name}-rebuild")
    return sum([await mongo.database.client[name][POSITIONS].count_documents({}) for name in databases])


@asynccontextmanager
async def transactions_end_soon(mongo: Mongo) -> AsyncIterator[None]:
    """Let MongoDB end what a killed client began after three seconds; it is a minute otherwise."""
    limit = "transactionLifetimeLimitSeconds"
    was = await mongo.database.client.admin.command({"setParameter": 1, limit: 3})
    try:
        yield
    finally:
        await mongo.database.client.admin.command({"setParameter": 1, limit: was["was"]})
