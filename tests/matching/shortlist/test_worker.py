"""The ranker on a real MongoDB: which lists it rewrites, and which it leaves alone."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.matching.projections.interactions import INTRODUCTIONS, MEETINGS
from services.matching.projections.meetings_held import MEETINGS_HELD
from services.matching.shortlist import full_rebuild, worker
from services.matching.shortlist.full_rebuild import FullRebuild
from services.matching.shortlist.rebuild_policy import RebuildPolicy
from services.matching.shortlist.stored import REBUILDS, SHORTLISTS, SNAPSHOTS
from services.matching.shortlist.verification import recompute
from shared.chassis.config import Settings
from tests.matching.shortlist.fixtures import NEVER, dirty_count, matching, member_document, put, rank, ranker, stored


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "QUIET_SECONDS", 0.0)


async def test_the_first_rebuild_lists_everybody_and_each_list_names_its_rebuild_and_rules(settings: Settings) -> None:
    async with matching(settings) as mongo:
        await rank(ranker(mongo))
        lists = await mongo[SHORTLISTS].find().to_list(None)
        (rebuild,) = await mongo[REBUILDS].find().to_list(None)
        assert len(lists) == 12
        assert {document["pass"] for document in lists} == {rebuild["_id"]}
        assert lists[0]["rules"] == {"b2b": full_rebuild.rule_versions()["b2b"]}
        assert await dirty_count(mongo) == 0


async def test_a_small_change_rewrites_the_lists_it_affects_alone_and_gives_what_a_full_rebuild_gives(settings: Settings) -> None:
    async with matching(settings, 60) as mongo:
        replica = ranker(mongo, NEVER)
        await rank(replica)
        before = await stored(mongo)
        number = (await mongo[REBUILDS].find_one())["_id"]  # type: ignore[index]
        revised = member_document(3, needs={"n": {**member_document(3)["needs"]["n"], "title": "turbine cutting wanted"}})
        await put(mongo, "m3", revised)
        await put(mongo, "m4", member_document(4, status="withdrawn"))
        await put(mongo, "new", member_document(5))
        await rank(replica)
        after = await stored(mongo)
        assert (await mongo[REBUILDS].find_one())["_id"] == number  # type: ignore[index]
        assert "m4" not in after
        assert after["new"]["b2b"]
        affected = {id for id in after if after[id] != before.get(id)}
        assert {"m3", "new"} < affected
        assert any(item["partner"] == "m3" for id in affected - {"m3"} for item in after[id]["b2b"])
        unchanged = await mongo[SHORTLISTS].find({"_id": {"$nin": sorted(affected)}}).to_list(None)
        computed = {document["computed"] for document in unchanged}
        assert len(unchanged) > 5
        assert len(computed) == 1, "a list that stayed as it was is not written"
        assert (await recompute(mongo)).differing == []
        assert await dirty_count(mongo) == 0


async def test_interactions_affect_the_lists_of_their_members_alone(settings: Settings) -> None:
    async with matching(settings) as mongo:
        replica = ranker(mongo)
        await rank(replica)
        before = await stored(mongo)
        partner = before["m1"]["b2b"][0]["partner"]
        stand = {"members": sorted(("m1", partner)), "declined": {"m1": "competitor"}, "introduced": False}
        await put(mongo, "i1", stand, INTRODUCTIONS.collection)
        await rank(replica)
        after = await stored(mongo)
        assert {id for id in after if after[id] != before[id]} == {"m1"}
        assert partner not in [item["partner"] for item in after["m1"]["b2b"]]

        listed = after["m2"]["b2b"][0]
        held = {
            "event_id": "other",
            "members": ["m2", listed["partner"]],
            "agreed": True,
            "held": True,
            "outcomes": {"m2": "joint-project"},
        }
        await put(mongo, "meeting", held, MEETINGS.collection)
        await rank(replica)
        met = next(item for item in (await stored(mongo))["m2"]["b2b"] if item["partner"] == listed["partner"])
        assert met["score"] > listed["score"]

        # Without recorded attendance: once the event is closed the meeting with a place was held, the one without never will be.
        for id, member in (("unrecorded", "m2"), ("unplaced", "m3")):
            unrecorded = {**held, "members": [member, "m4"], "event_id": "fair", "held": None, "outcomes": {}}
            await put(mongo, id, unrecorded, MEETINGS.collection)

        async def features(member: str) -> list[str]:
            suggestion = next(item for item in (await stored(mongo))[member]["b2b"] if item["partner"] == "m4")
            return list(suggestion["features"])

        before = await stored(mongo)
        await rank(replica)
        assert "met_before" in await features("m2")
        assert "met_before" in await features("m3")
        closed = {"agenda": 1, "not_held": [], "appointments": []}
        await put(mongo, "fair", {"version": 1, "placed": ["unrecorded"], "closed": closed}, MEETINGS_HELD.collection)
        await rank(replica)
        assert "met_before" not in await features("m2")
        assert (await stored(mongo))["m3"] == before["m3"]
        assert await dirty_count(mongo) == 0
        assert (await recompute(mongo)).differing == []


async def test_a_bulk_change_is_one_rebuild_and_small_batches_drift_into_one(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    begin = FullRebuild.begin

    async def counted(self: FullRebuild, now: datetime) -> None:
        begun.append(self.id)
        await begin(self, now)

    monkeypatch.setattr(FullRebuild, "begin", counted)
    async with matching(settings, 40) as mongo:
        replica = ranker(mongo, RebuildPolicy(small_corpus=0, batch_share=0.2, affected_share=1.0, drift_share=0.3))
        await rank(replica)
        for number in range(20):
            await put(mongo, f"m{number}", member_document(number + 1))
        await rank(replica)
        assert len(begun) == 2, "half of the members at once"
        for number in range(20, 34):
            await put(mongo, f"m{number}", member_document(number + 1))
            await rank(replica)
        assert len(begun) == 3, "thirteen of forty, one at a time"
        replica._policy = RebuildPolicy(small_corpus=0, affected_share=0.5, batch_share=1.0, drift_share=1.0)
        await put(mongo, "m1", member_document(5))
        await rank(replica)
        assert len(begun) == 4, "one that everybody shares a word with"


async def test_changes_lead_to_a_full_rebuild_when_it_is_quiet(settings: Settings) -> None:
    async with matching(settings) as mongo:
        replica = ranker(mongo, replace(NEVER, idle_time=timedelta(0)))
        await rank(replica)
        number = (await mongo[REBUILDS].find_one())["_id"]  # type: ignore[index]
        await put(mongo, "m1", member_document(2))
        await rank(replica)
        assert (await mongo[REBUILDS].find_one())["_id"] != number  # type: ignore[index]
        assert await mongo[SNAPSHOTS].distinct("pass") == [(await mongo[REBUILDS].find_one())["_id"]]  # type: ignore[index]


async def test_a_member_without_a_list_is_found(settings: Settings) -> None:
    async with matching(settings) as mongo:
        await rank(ranker(mongo))
        await mongo[SHORTLISTS].delete_one({"_id": "m3"})
        assert (await recompute(mongo)).differing == ["m3: it has no list"]
