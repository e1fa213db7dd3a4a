"""The ranker on a real MongoDB: what it makes again, and what it leaves alone."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.matching.projections.interactions import MEETINGS_SEEN, STANDS
from services.matching.projections.meetings_held import CLOSINGS
from services.matching.shortlist import full_rebuild, worker
from services.matching.shortlist.full_rebuild import Pass
from services.matching.shortlist.rebuild_policy import Policy
from services.matching.shortlist.verification import recompute
from services.matching.store import FROZEN, PASSES, SHORTLISTS
from shared.chassis.config import Settings
from tests.matching.shortlist.fixtures import NEVER, marks, matching, put, rank, ranker, stored, view


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "QUIET_SECONDS", 0.0)


async def test_a_first_pass_lists_everybody_and_each_list_names_its_pass_and_rules(settings: Settings) -> None:
    async with matching(settings) as mongo:
        await rank(ranker(mongo))
        lists = await mongo[SHORTLISTS].find().to_list(None)
        (made,) = await mongo[PASSES].find().to_list(None)
        assert len(lists) == 12
        assert {one["pass"] for one in lists} == {made["_id"]}
        assert lists[0]["rules"] == {"b2b": full_rebuild.rule_versions()["b2b"]}
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

        # Of others nobody tells; when their event is closed, the one that had a place was held, and the other never will be.
        for id, who in (("untold", "m2"), ("unplaced", "m3")):
            untold = {**held, "members": [who, "m4"], "event_id": "fair", "held": None, "outcomes": {}}
            await put(mongo, id, untold, MEETINGS_SEEN.collection)

        async def features(who: str) -> list[str]:
            found = next(item for item in (await stored(mongo))[who]["b2b"] if item["partner"] == "m4")
            return list(found["features"])

        before = await stored(mongo)
        await rank(one)
        assert "met_before" in await features("m2")
        assert "met_before" in await features("m3")
        closed = {"agenda": 1, "not_held": [], "appointments": []}
        await put(mongo, "fair", {"version": 1, "placed": ["untold"], "closed": closed}, CLOSINGS.collection)
        await rank(one)
        assert "met_before" not in await features("m2")
        assert (await stored(mongo))["m3"] == before["m3"]
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


async def test_a_member_without_a_list_is_found(settings: Settings) -> None:
    async with matching(settings) as mongo:
        await rank(ranker(mongo))
        await mongo[SHORTLISTS].delete_one({"_id": "m3"})
        assert (await recompute(mongo)).differing == ["m3: it has no list"]
