"""Stored lists recomputed: what their evidence or the profiles do not bear out is found."""

import pytest

from services.matching.projections.interactions import INTRODUCTIONS
from services.matching.shortlist import worker
from services.matching.shortlist.stored import SHORTLISTS
from services.matching.shortlist.verification import NotRanked, explain, recompute
from shared.chassis.config import Settings
from tests.matching.shortlist.fixtures import matching, put, rank, ranker


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "QUIET_SECONDS", 0.0)


async def test_a_member_without_a_list_is_found(settings: Settings) -> None:
    async with matching(settings) as mongo:
        await rank(ranker(mongo))
        await mongo[SHORTLISTS].delete_one({"_id": "m3"})
        assert (await recompute(mongo)).differing == ["m3: it has no list"]


async def test_a_list_that_its_evidence_or_the_profiles_do_not_bear_out_is_found(settings: Settings) -> None:
    async with matching(settings) as mongo:
        await rank(ranker(mongo))
        assert (await recompute(mongo)).differing == []
        listed = (await mongo[SHORTLISTS].find_one({"_id": "m1"}) or {})["lists"]["b2b"]
        partner = listed[0]["partner"]
        another_list = "m1 b2b: the profiles give another list"
        for change, errors in (
            ({"score": 0.999}, [f"m1 b2b {partner}: its contributions do not give its score", another_list]),
            ({"features.place": 0.123}, [f"m1 b2b {partner}: its features do not give its contributions", another_list]),
            ({"rule": "b2b-0"}, [f"m1 b2b {partner}: rule b2b-0 is unknown to this code", another_list]),
            ({"partner": "m1"}, [another_list]),
        ):
            at = {f"lists.b2b.0.{name}": value for name, value in change.items()}
            await mongo[SHORTLISTS].update_one({"_id": "m1"}, {"$set": at})
            assert (await recompute(mongo)).differing == errors
            await mongo[SHORTLISTS].update_one({"_id": "m1"}, {"$set": {"lists.b2b": listed}})


async def test_a_pair_is_explained_as_it_is_listed_and_a_decline_is_told(settings: Settings) -> None:
    async with matching(settings) as mongo:
        with pytest.raises(NotRanked):
            await explain(mongo, "m1", "m2")
        with pytest.raises(KeyError):
            await explain(mongo, "nobody", "m2")
        await rank(ranker(mongo))
        listed = (await mongo[SHORTLISTS].find_one({"_id": "m1"}) or {})["lists"]["b2b"]
        for place, stored in enumerate(listed, 1):
            explanation = await explain(mongo, "m1", stored["partner"])
            assert explanation.suggestion is not None
            assert (explanation.place, explanation.of, explanation.declined) == (place, len(listed), None)
            assert (explanation.last_score, explanation.full) == (listed[-1]["score"], len(listed) == 20)
            assert explanation.suggestion.score == explanation.stored_score == stored["score"]
        partner = listed[0]["partner"]
        stand = {"members": sorted(("m1", partner)), "declined": {"m1": "competitor"}, "introduced": False}
        await put(mongo, "i1", stand, INTRODUCTIONS.collection)
        assert (await explain(mongo, "m1", partner)).declined == "competitor"
        assert (await explain(mongo, partner, "m1")).declined is None, "who was declined does not learn of it"
        with pytest.raises(KeyError):
            await explain(mongo, "m1", "nobody")
