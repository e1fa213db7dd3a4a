"""Full passes on a real MongoDB: read only when whole, wherever a ranker dies, and whoever else has taken over."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from services.matching.ranking.scoring import RULES
from services.matching.shortlist import full_rebuild, incremental_update, worker
from services.matching.shortlist.full_rebuild import Incomplete, Pass
from services.matching.shortlist.rebuild_policy import Policy
from services.matching.shortlist.verification import recompute
from services.matching.store import PASSES, SHORTLISTS
from shared.chassis.clock import utc_now
from shared.chassis.config import Settings
from shared.chassis.mongo import Mongo, PyMongoError
from shared.chassis.projections.projection import DIRTY
from shared.chassis.workers.lease import Lease, LeaseLost
from tests.matching.shortlist.fixtures import NEVER, marks, matching, put, rank, ranker, stored, view


class Killed(Exception):
    """Stands for a kill -9: nothing after it is done."""


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "QUIET_SECONDS", 0.0)


async def _passes(_session: Any = None) -> None:
    return None


async def _one(document: dict[str, Any]) -> AsyncIterator[list[dict[str, Any]]]:
    yield [document]


async def test_another_rule_version_is_made_beside_and_the_old_lists_are_read_until_it_is_whole(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with matching(settings) as mongo:
        await rank(ranker(mongo))
        old = await mongo[SHORTLISTS].find().sort("_id").to_list(None)
        monkeypatch.setitem(RULES, "b2b", replace(RULES["b2b"], version="b2b-next"))
        add = Pass.add
        read: list[Any] = []

        async def looked(self: Pass, lists: list[Any]) -> None:
            await add(self, lists)
            read.append(await mongo[SHORTLISTS].find().sort("_id").to_list(None))

        monkeypatch.setattr(Pass, "add", looked)
        await rank(ranker(mongo))
        assert read == [old]
        new = await mongo[SHORTLISTS].find().to_list(None)
        assert {one["rules"]["b2b"] for one in new} == {"b2b-next"}
        assert {item["rule"] for one in new for item in one["lists"]["b2b"]} == {"b2b-next"}


PLACES = [
    (Pass, "begin"),
    (Pass, "add"),
    (Pass, "publish"),
    (full_rebuild, "take_away"),
    (incremental_update, "take_away"),
    (incremental_update, "_fenced"),
]


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place[0].__name__.rpartition('.')[2]}.{place[1]}")
async def test_killed_anywhere_the_next_one_ends_with_what_an_undisturbed_one_has(
    place: tuple[Any, str], before: bool, settings: Settings
) -> None:
    async with matching(settings, 30) as mongo:
        await rank(ranker(mongo, NEVER, seconds=0))
        one = ranker(mongo, NEVER, "two", seconds=0)
        await rank(one)
        await put(mongo, "m3", view(4))
        await put(mongo, "m5", view(5, status="withdrawn"))
        owner, name = place
        if owner in (Pass, full_rebuild):
            one._policy = Policy()
        real = getattr(owner, name)

        async def dying(*arguments: Any, **named: Any) -> Any:
            if not before:
                await real(*arguments, **named)
            raise Killed

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(owner, name, dying)
            with pytest.raises(Killed):
                await rank(one)
        await rank(ranker(mongo, Policy(), "three", seconds=0))
        ended = await stored(mongo)
        assert "m5" not in ended
        assert await marks(mongo) == 0
        again = await recompute(mongo)
        assert again.differing == []
        assert again.suggestions > 0
        names = await mongo.database.list_collection_names()
        assert not [name for name in names if name.startswith(full_rebuild.BESIDE)]


async def test_who_lost_the_lease_in_the_middle_publishes_nothing_and_takes_no_mark_away(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with matching(settings) as mongo:
        slow = Pass(mongo, Lease(mongo, "ranker", utc_now, holder="slow", seconds=0))
        assert await slow._lease.acquire()
        await slow.begin(utc_now())
        await slow.add([{"_id": "m1", "lists": {}, "computed": utc_now()}])
        await rank(ranker(mongo, holder="next"))
        lists = await stored(mongo)
        await put(mongo, "m1", view(1))
        with pytest.raises(LeaseLost):
            await slow.add([{"_id": "m2", "lists": {}, "computed": utc_now()}])
        with pytest.raises(LeaseLost):
            await slow.publish(None, {"m1": "any"}, utc_now())
        # Stopped between looking at its lease, or at its lists, and the switch: what it made is gone.
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
                mongo, Lease(mongo, "ranker", utc_now, holder="slow"), slow.id, _one({"_id": "m1", "lists": {}}), [], {}
            )
        assert await stored(mongo) == lists
        assert await marks(mongo) == 1


async def test_a_lease_taken_back_after_another_began_a_pass_adds_nothing_to_the_one_before(settings: Settings) -> None:
    async with matching(settings) as mongo:
        slow, quick = (Pass(mongo, Lease(mongo, "ranker", utc_now, holder=name, seconds=0)) for name in ("slow", "quick"))
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


async def test_who_had_lost_the_lease_forgets_what_it_knew(settings: Settings) -> None:
    async with matching(settings) as mongo:
        one = ranker(mongo, NEVER, seconds=0)
        assert await one.may_work()
        await rank(one)
        assert one._standing is not None
        await put(mongo, "m3", view(4))
        await rank(ranker(mongo, NEVER, "two", seconds=0))
        assert await one.may_work()
        assert one._standing is None


async def test_a_mark_that_comes_again_at_the_end_of_a_pass_stays_and_undoes_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    taking = full_rebuild.take_away

    async def disturbed(mongo: Mongo, *arguments: Any) -> None:
        await put(mongo, "m7", view(1))
        await taking(mongo, *arguments)

    monkeypatch.setattr(full_rebuild, "MARKS", 5)
    monkeypatch.setattr(full_rebuild, "take_away", disturbed)
    async with matching(settings) as mongo:
        one = ranker(mongo)
        assert await one._lease.acquire()
        assert await one.work()
        assert [mark["_id"] async for mark in mongo[DIRTY].find()] == ["m7"]
        assert [made["made"] is None async for made in mongo[PASSES].find()] == [False]
