"""The ranker on a real MongoDB: which lists it rewrites, and which it leaves alone."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.matching.shortlist import full_rebuild, worker
from services.matching.shortlist.full_rebuild import FullRebuild
from services.matching.shortlist.rebuild_policy import RebuildPolicy
from services.matching.shortlist.stored import REBUILDS, SHORTLISTS, SNAPSHOTS
from shared.chassis.config import Settings
from tests.matching.shortlist.fixtures import NEVER, dirty_count, matching, member_document, put, rank, ranker


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
