"""The ranker on a real MongoDB: what it makes again, what it leaves alone, and that it may die at any point."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.matching.closings import CLOSINGS
from services.matching.dealings import MEETINGS_SEEN, STANDS
from services.matching.projections import PROFILES
from services.matching.ranker import passes, refresh, worker
from services.matching.ranker.passes import Incomplete, Pass
from services.matching.ranker.policy import Policy
from services.matching.ranker.recomputing import recompute
from services.matching.ranker.worker import Ranker
from services.matching.ranking.index import RULES
from services.matching.store import FROZEN, INDEXES, PASSES, SHORTLISTS
from shared.chassis.clock import utc_now
from shared.chassis.lease import Lease, LeaseLost
from shared.chassis.mongo import Mongo, PyMongoError, ensure_indexes
from shared.chassis.projection import DIRTY
from shared.chassis.settings import Settings

WORDS = ("laser", "marble", "yacht", "graphene", "loom", "turbine")
NEVER = Policy(few=0, share=1.0, most=1.0, drift=1.0)
"""No full pass but the first."""


class Killed(Exception):
    """Stands for a kill -9: nothing after it is done."""


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "QUIET_SECONDS", 0.0)


def view(number: int, **parts: Any) -> dict[str, Any]:
    """A member's projected document: needs one thing and offers another."""
    item = {"nature": "technology", "text": "", "language": "en", "topics": [], "visibility": "network"}
    return {
        "name": f"Firm {number}", "kind": "sme", "districts": ["marble"], "place": {"country": "IT"}, "status": "approved",
        "offers": {"o": {**item, "title": f"{WORDS[number % 6]} cutting"}},
        "needs": {"n": {**item, "title": f"{WORDS[(number + 1) % 6]} cutting wanted"}},
        **parts,
    }  # fmt: skip


@asynccontextmanager
async def matching(settings: Settings, members: int = 12) -> AsyncIterator[Mongo]:
    """Matching's database with some members, all marked."""
    mongo = Mongo(settings.mongo_url, settings.named("matching"), 10)
    projected = (PROFILES.collection, STANDS.collection, MEETINGS_SEEN.collection, CLOSINGS.collection, DIRTY, "leases")
    await ensure_indexes(mongo, {**{name: [] for name in projected}, **INDEXES})
    for number in range(members):
        await put(mongo, f"m{number}", view(number))
    try:
        yield mongo
    finally:
        mongo.close()


async def put(mongo: Mongo, id: str, document: dict[str, Any], collection: str = PROFILES.collection) -> None:
    """Store a projected document and its mark, as the projection does."""
    await mongo[collection].replace_one({"_id": id}, document, upsert=True)
    await mongo[DIRTY].update_one({"_id": id}, {"$set": {"by": f"{id} {utc_now()}"}}, upsert=True)


def ranker(mongo: Mongo, policy: Policy | None = None, holder: str = "one", **lease: Any) -> Ranker:
    return Ranker(mongo, Lease(mongo, "ranker", holder, utc_now, **lease), utc_now, policy)


async def rank(one: Ranker) -> None:
    """Take the lease and do all there is to do."""
    assert await one._lease.hold()
    while await one.work():
        pass


async def stored(mongo: Mongo) -> dict[str, Any]:
    """Read all lists, apart from when and in which pass they were made."""
    return {one["_id"]: one["lists"] async for one in mongo[SHORTLISTS].find()}


async def _passes(_session: Any = None) -> None:
    return None


async def _one(document: dict[str, Any]) -> AsyncIterator[list[dict[str, Any]]]:
    yield [document]


async def marks(mongo: Mongo) -> int:
    return int(await mongo[DIRTY].count_documents({}))


async def test_a_first_pass_lists_everybody_and_each_list_names_its_pass_and_rules(settings: Settings) -> None:
    async with matching(settings) as mongo:
        await rank(ranker(mongo))
        lists = await mongo[SHORTLISTS].find().to_list(None)
        (made,) = await mongo[PASSES].find().to_list(None)
        assert len(lists) == 12
        assert {one["pass"] for one in lists} == {made["_id"]}
        assert lists[0]["rules"] == {"b2b": passes.rule_versions()["b2b"]}
        assert await marks(mongo) == 0


async def test_a_small_change_rewrites_the_lists_it_touches_alone_and_gives_what_a_full_pass_gives(settings: Settings) -> None:
    async with matching(settings, 60) as mongo:
        one = ranker(mongo, NEVER)
        await rank(one)
        before = await stored(mongo)
        number = (await mongo[PASSES].find_one())["_id"]  # type: ignore[index]
        revised = view(3, needs={"n": {**view(3)["needs"]["n"], "title": "turbine cutting wanted"}})
        await put(mongo, "m3", revised)
        await put(mongo, "m4", view(4, status="withdrawn"))
        await put(mongo, "new", view(5))
        await rank(one)
        after = await stored(mongo)
        assert (await mongo[PASSES].find_one())["_id"] == number  # type: ignore[index]
        assert "m4" not in after
        assert after["new"]["b2b"]
        touched = {id for id in after if after[id] != before.get(id)}
        assert {"m3", "new"} < touched
        assert any(item["partner"] == "m3" for id in touched - {"m3"} for item in after[id]["b2b"])
        told = await mongo[SHORTLISTS].find({"_id": {"$nin": sorted(touched)}}).to_list(None)
        first = {one["computed"] for one in told}
        assert len(told) > 5
        assert len(first) == 1, "a list that stayed as it was is not written"
        assert (await recompute(mongo)).differing == []
        assert await marks(mongo) == 0


async def test_what_two_members_did_touches_their_own_lists_alone(settings: Settings) -> None:
    async with matching(settings) as mongo:
        one = ranker(mongo)
        await rank(one)
        before = await stored(mongo)
        partner = before["m1"]["b2b"][0]["partner"]
        stand = {"members": sorted(("m1", partner)), "declined": {"m1": "competitor"}, "introduced": False}
        await put(mongo, "i1", stand, STANDS.collection)
        await rank(one)
        after = await stored(mongo)
        assert {id for id in after if after[id] != before[id]} == {"m1"}
        assert partner not in [item["partner"] for item in after["m1"]["b2b"]]

        other = after["m2"]["b2b"][0]
        held = {"members": ["m2", other["partner"]], "agreed": True, "held": True, "outcomes": {"m2": "joint-project"}}
        await put(mongo, "meeting", held, MEETINGS_SEEN.collection)
        await rank(one)
        met = next(item for item in (await stored(mongo))["m2"]["b2b"] if item["partner"] == other["partner"])
        assert met["score"] > other["score"]

        # Of another nobody tells; when its event is closed, it was held.
        untold = {**held, "members": ["m2", "m4"], "event_id": "fair", "held": None, "outcomes": {}}
        await put(mongo, "untold", untold, MEETINGS_SEEN.collection)
        await rank(one)
        agreed = next(item for item in (await stored(mongo))["m2"]["b2b"] if item["partner"] == "m4")
        assert "met_before" in agreed["features"]
        closed = {"agenda": 1, "not_held": [], "appointments": []}
        await put(mongo, "fair", {"version": 1, "placed": ["untold"], "closed": closed}, CLOSINGS.collection)
        await rank(one)
        after = next(item for item in (await stored(mongo))["m2"]["b2b"] if item["partner"] == "m4")
        assert "met_before" not in after["features"]
        assert await marks(mongo) == 0
        assert (await recompute(mongo)).differing == []


async def test_a_bulk_is_one_pass_and_small_bursts_drift_into_one(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []
    begin = Pass.begin

    async def counted(self: Pass, now: datetime) -> None:
        begun.append(self.id)
        await begin(self, now)

    monkeypatch.setattr(Pass, "begin", counted)
    async with matching(settings, 40) as mongo:
        one = ranker(mongo, Policy(few=0, share=0.2, most=1.0, drift=0.3))
        await rank(one)
        for number in range(20):
            await put(mongo, f"m{number}", view(number + 1))
        await rank(one)
        assert len(begun) == 2, "half of the members at once"
        for number in range(20, 34):
            await put(mongo, f"m{number}", view(number + 1))
            await rank(one)
        assert len(begun) == 3, "thirteen of forty, one at a time"
        one._policy = Policy(few=0, most=0.5, share=1.0, drift=1.0)
        await put(mongo, "m1", view(5))
        await rank(one)
        assert len(begun) == 4, "one that everybody shares a word with"


async def test_when_it_is_calm_what_has_changed_is_answered_by_a_full_pass(settings: Settings) -> None:
    async with matching(settings) as mongo:
        one = ranker(mongo, replace(NEVER, calm=timedelta(0)))
        await rank(one)
        number = (await mongo[PASSES].find_one())["_id"]  # type: ignore[index]
        await put(mongo, "m1", view(2))
        await rank(one)
        assert (await mongo[PASSES].find_one())["_id"] != number  # type: ignore[index]
        assert await mongo[FROZEN].distinct("pass") == [(await mongo[PASSES].find_one())["_id"]]  # type: ignore[index]


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


PLACES = [(Pass, "begin"), (Pass, "add"), (Pass, "publish"), (passes, "take_away"), (refresh, "take_away"), (refresh, "_fenced")]


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
        if owner in (Pass, passes):
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
        assert not [name for name in names if name.startswith(passes.BESIDE)]


async def test_who_lost_the_lease_in_the_middle_publishes_nothing_and_takes_no_mark_away(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with matching(settings) as mongo:
        slow = Pass(mongo, Lease(mongo, "ranker", "slow", utc_now, seconds=0))
        assert await slow._lease.hold()
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
            await refresh.rewrite(mongo, Lease(mongo, "ranker", "slow", utc_now), slow.id, _one({"_id": "m1", "lists": {}}), [], {})
        assert await stored(mongo) == lists
        assert await marks(mongo) == 1


async def test_a_lease_taken_back_after_another_began_a_pass_adds_nothing_to_the_one_before(settings: Settings) -> None:
    async with matching(settings) as mongo:
        slow, quick = (Pass(mongo, Lease(mongo, "ranker", name, utc_now, seconds=0)) for name in ("slow", "quick"))
        assert await slow._lease.hold()
        await slow.begin(utc_now())
        await slow.add([{"_id": "m1", "lists": {}, "computed": utc_now()}])
        assert await quick._lease.hold()
        await quick.begin(utc_now())
        assert await slow._lease.hold()
        with pytest.raises(LeaseLost):
            await slow.add([{"_id": "m2", "lists": {}, "computed": utc_now()}])
        names = await mongo.database.list_collection_names()
        assert [name for name in names if name.startswith(passes.BESIDE)] == [quick._beside]


async def test_who_had_lost_the_lease_forgets_what_it_knew(settings: Settings) -> None:
    async with matching(settings) as mongo:
        one = ranker(mongo, NEVER, seconds=0)
        assert await one._hold()
        await rank(one)
        assert one._standing is not None
        await put(mongo, "m3", view(4))
        await rank(ranker(mongo, NEVER, "two", seconds=0))
        assert await one._hold()
        assert one._standing is None


async def test_a_mark_that_comes_again_at_the_end_of_a_pass_stays_and_undoes_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    taking = passes.take_away

    async def disturbed(mongo: Mongo, *arguments: Any) -> None:
        await put(mongo, "m7", view(1))
        await taking(mongo, *arguments)

    monkeypatch.setattr(passes, "MARKS", 5)
    monkeypatch.setattr(passes, "take_away", disturbed)
    async with matching(settings) as mongo:
        one = ranker(mongo)
        assert await one._lease.hold()
        assert await one.work()
        assert [mark["_id"] async for mark in mongo[DIRTY].find()] == ["m7"]
        assert [made["made"] is None async for made in mongo[PASSES].find()] == [False]


async def test_a_member_without_a_list_is_found(settings: Settings) -> None:
    async with matching(settings) as mongo:
        await rank(ranker(mongo))
        await mongo[SHORTLISTS].delete_one({"_id": "m3"})
        assert (await recompute(mongo)).differing == ["m3: it has no list"]
