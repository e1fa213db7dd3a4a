"""Shortlists as features read them: of who was ranked, of who was not yet, and how far the ranking is."""

import pytest

from services.matching.shortlist import worker
from services.matching.shortlist.queries import RankingStatus, evidence_for, find_shortlist, ranking_status
from shared.chassis.config import Settings
from tests.matching.shortlist.fixtures import matching, member_document, put, rank, ranker


async def test_lists_evidence_and_progress_are_read(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "QUIET_SECONDS", 0.0)
    async with matching(settings) as mongo:
        none = {"b2b": 0, "r2b": 0, "f2b": 0}
        assert await ranking_status(mongo) == RankingStatus(members=12, lists=0, dirty=12, suggestions=none)
        assert (await find_shortlist(mongo, "m1")).computed is None
        assert await evidence_for(mongo, "m1", "b2b", "m2") is None

        await rank(ranker(mongo))
        await put(mongo, "late", member_document(3, status="applied"))
        shortlist = await find_shortlist(mongo, "m1")
        status = await ranking_status(mongo)
        assert (status.members, status.lists, status.dirty) == (12, 12, 1), "an applicant is not ranked, and marked all the same"
        assert status.suggestions["b2b"] > len(shortlist.lists["b2b"]) > 0
        assert shortlist.computed is not None

        # What the member was shown is what is published with its interest.
        first = shortlist.lists["b2b"][0]
        evidence = await evidence_for(mongo, "m1", "b2b", first.partner)
        assert evidence is not None
        assert (evidence.rule, evidence.score, evidence.contributions) == (first.rule, first.score, first.contributions)
        assert [(passage.yours, passage.theirs) for passage in evidence.passages] == [
            (passage.yours, passage.theirs) for passage in first.passages
        ]
        for mode, partner in (("r2b", first.partner), ("b2b", "m1")):
            assert await evidence_for(mongo, "m1", mode, partner) is None
