"""Full rebuilds on a real MongoDB: read only when complete, wherever a ranker dies, and whichever replica has taken over."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from services.matching.ranking.scoring import RULES
from services.matching.shortlist import full_rebuild, incremental_update, worker
from services.matching.shortlist.full_rebuild import FullRebuild, Incomplete
from services.matching.shortlist.rebuild_policy import RebuildPolicy
from services.matching.shortlist.stored import REBUILDS, SHORTLISTS
from services.matching.shortlist.verification import recompute
from shared.chassis.clock import utc_now
from shared.chassis.config import Settings
from shared.chassis.mongo import Mongo, PyMongoError
from shared.chassis.projections.projection import DIRTY
from shared.chassis.workers.lease import Lease, LeaseLost
from tests.matching.shortlist.fixtures import NEVER, dirty_count, matching, member_document, put, rank, ranker, stored


class Killed(Exception):
    """Stands for a kill -9: nothing after it is done."""


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "QUIET_SECONDS", 0.0)


async def _passes(_session: Any = None) -> None:
    return None


async def _block(document: dict[str, Any]) -> AsyncIterator[list[dict[str, Any]]]:
    yield [document]


async def test_lists_of_another_rule_version_are_written_beside_the_old_ones_until_complete(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with matching(settings) as mongo:
        await rank(ranker(mongo))
        old = await mongo[SHORTLISTS].find().sort("_id").to_list(None)
        monkeypatch.setitem(RULES, "b2b", replace(RULES["b2b"], version="b2b-next"))
        add = FullRebuild.add
        read: list[Any] = []

        async def add_and_read(self: FullRebuild, lists: list[Any]) -> None:
            await add(self, lists)
            read.append(await mongo[SHORTLISTS].find().sort("_id").to_list(None))

        monkeypatch.setattr(FullRebuild, "add", add_and_read)
        await rank(ranker(mongo))
        assert read == [old]
        new = await mongo[SHORTLISTS].find().to_list(None)
        assert {document["rules"]["b2b"] for document in new} == {"b2b-next"}
        assert {item["rule"] for document in new for item in document["lists"]["b2b"]} == {"b2b-next"}


PLACES = [
    (FullRebuild, "begin"),
    (FullRebuild, "add"),
    (FullRebuild, "publish"),
    (full_rebuild, "acknowledge"),
    (incremental_update, "acknowledge"),
    (incremental_update, "_write_fenced"),
]


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place[0].__name__.rpartition('.')[2]}.{place[1]}")
async def test_killed_anywhere_the_next_ranker_ends_with_what_an_undisturbed_one_has(
    place: tuple[Any, str], before: bool, settings: Settings
) -> None:
    async with matching(settings, 30) as mongo:
        await rank(ranker(mongo, NEVER, seconds=0))
        replica = ranker(mongo, NEVER, "two", seconds=0)
        await rank(replica)
        await put(mongo, "m3", member_document(4))
        await put(mongo, "m5", member_document(5, status="withdrawn"))
        owner, name = place
        if owner in (FullRebuild, full_rebuild):
            replica._policy = RebuildPolicy()
        real = getattr(owner, name)

        async def dying(*arguments: Any, **named: Any) -> Any:
            if not before:
                await real(*arguments, **named)
            raise Killed

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(owner, name, dying)
            with pytest.raises(Killed):
                await rank(replica)
        await rank(ranker(mongo, RebuildPolicy(), "three", seconds=0))
        ended = await stored(mongo)
        assert "m5" not in ended
        assert await dirty_count(mongo) == 0
        report = await recompute(mongo)
        assert report.differing == []
        assert report.suggestions > 0
        names = await mongo.database.list_collection_names()
        assert not [name for name in names if name.startswith(full_rebuild.BESIDE)]


async def test_a_ranker_that_lost_the_lease_publishes_and_acknowledges_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with matching(settings) as mongo:
        slow = FullRebuild(mongo, Lease(mongo, "ranker", utc_now, holder="slow", seconds=0))
        assert await slow._lease.acquire()
        await slow.begin(utc_now())
        await slow.add([{"_id": "m1", "lists": {}, "computed": utc_now()}])
        await rank(ranker(mongo, holder="next"))
        lists = await stored(mongo)
        await put(mongo, "m1", member_document(1))
        with pytest.raises(LeaseLost):
            await slow.add([{"_id": "m2", "lists": {}, "computed": utc_now()}])
        with pytest.raises(LeaseLost):
            await slow.publish(None, {"m1": "any"}, utc_now())
        # Stopped between confirming its lease, or counting its lists, and the rename: its collection is gone.
        monkeypatch.setattr(slow._lease, "confirm", _passes)
        with pytest.raises(LeaseLost):
            await slow.add([{"_id": "m2", "lists": {}, "computed": utc_now()}])
        with pytest.raises(Incomplete):
            await slow.publish(None, {"m1": "any"}, utc_now())
        slow._added = 0
        with pytest.raises(PyMongoError, match="does not exist"):
            await slow.publish(None, {"m1": "any"}, utc_now())
        with pytest.raises(LeaseLost):
            await incremental_update.rewrite(
                mongo, Lease(mongo, "ranker", utc_now, holder="slow"), slow.id, _block({"_id": "m1", "lists": {}}), [], {}
            )
        assert await stored(mongo) == lists
        assert await dirty_count(mongo) == 1


async def test_a_lease_regained_after_another_began_a_rebuild_adds_nothing_to_the_earlier_one(settings: Settings) -> None:
    async with matching(settings) as mongo:
        slow, quick = (FullRebuild(mongo, Lease(mongo, "ranker", utc_now, holder=name, seconds=0)) for name in ("slow", "quick"))
        assert await slow._lease.acquire()
        await slow.begin(utc_now())
        await slow.add([{"_id": "m1", "lists": {}, "computed": utc_now()}])
        assert await quick._lease.acquire()
        await quick.begin(utc_now())
        assert await slow._lease.acquire()
        with pytest.raises(LeaseLost):
            await slow.add([{"_id": "m2", "lists": {}, "computed": utc_now()}])
        names = await mongo.database.list_collection_names()
        assert [name for name in names if name.startswith(full_rebuild.BESIDE)] == [quick._beside]


async def test_a_ranker_that_had_lost_the_lease_drops_its_state(settings: Settings) -> None:
    async with matching(settings) as mongo:
        replica = ranker(mongo, NEVER, seconds=0)
        assert await replica.may_work()
        await rank(replica)
        assert replica._state is not None
        await put(mongo, "m3", member_document(4))
        await rank(ranker(mongo, NEVER, "two", seconds=0))
        assert await replica.may_work()
        assert replica._state is None


async def test_an_id_marked_anew_at_the_end_of_a_rebuild_stays_dirty(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    acknowledge = full_rebuild.acknowledge

    async def disturbed(mongo: Mongo, *arguments: Any) -> None:
        await put(mongo, "m7", member_document(1))
        await acknowledge(mongo, *arguments)

    monkeypatch.setattr(full_rebuild, "ACKNOWLEDGED_AT_ONCE", 5)
    monkeypatch.setattr(full_rebuild, "acknowledge", disturbed)
    async with matching(settings) as mongo:
        replica = ranker(mongo)
        assert await replica._lease.acquire()
        assert await replica.work()
        assert [mark["_id"] async for mark in mongo[DIRTY].find()] == ["m7"]
        assert [document["made"] is None async for document in mongo[REBUILDS].find()] == [False]
