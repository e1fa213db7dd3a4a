"""Single lists rewritten: those that a change affects, and no others."""

import pytest

from services.matching.projections.interactions import INTRODUCTIONS, MEETINGS
from services.matching.projections.meetings_held import MEETINGS_HELD
from services.matching.shortlist import worker
from services.matching.shortlist.stored import REBUILDS, SHORTLISTS
from services.matching.shortlist.verification import recompute
from shared.chassis.config import Settings
from tests.matching.shortlist.fixtures import NEVER, dirty_count, matching, member_document, put, rank, ranker, stored


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "QUIET_SECONDS", 0.0)


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
