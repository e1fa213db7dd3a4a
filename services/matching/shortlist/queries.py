"""Shortlists as features read them."""

from dataclasses import dataclass
from typing import get_args

from services.matching.projections.members import MEMBERS
from services.matching.shortlist.stored import SHORTLISTS, Shortlist, StoredSuggestion, read_shortlist
from shared.chassis.mongo import Document, Mongo
from shared.chassis.projections.projection import DIRTY
from shared.contracts.matching import Evidence, Matched, Mode

MODES: tuple[Mode, ...] = get_args(Mode)


@dataclass(frozen=True)
class RankingStatus:
    """How many approved members, shortlists, ids of the dirty set, and suggestions by mode there are."""

    members: int
    lists: int
    dirty: int
    suggestions: dict[Mode, int]


async def find_shortlist(mongo: Mongo, member: str) -> Shortlist:
    """Read a member's shortlist; an empty one where it has not been ranked yet."""
    document = await mongo[SHORTLISTS].find_one({"_id": member})
    return read_shortlist(document) if document else Shortlist({}, None)


async def evidence_for(mongo: Mongo, member: str, mode: Mode, partner: str) -> Evidence | None:
    """Read the suggestion of a partner that the member was shown, to publish with the interest it expresses."""
    for suggestion in (await find_shortlist(mongo, member)).lists.get(mode, ()):
        if suggestion.partner == partner:
            return _evidence(suggestion)
    return None


def _evidence(suggestion: StoredSuggestion) -> Evidence:
    passages = tuple(
        Matched(feature=passage.feature, yours=passage.yours, theirs=passage.theirs) for passage in suggestion.passages
    )
    return Evidence(
        rule=suggestion.rule,
        score=suggestion.score,
        contributions=suggestion.contributions,
        features=suggestion.features,
        passages=passages,
    )


async def ranking_status(mongo: Mongo) -> RankingStatus:
    """Count members, shortlists, the dirty set and suggestions."""
    sizes = {mode: {"$sum": {"$size": {"$ifNull": [f"$lists.{mode}", []]}}} for mode in MODES}
    totals = await mongo[SHORTLISTS].aggregate([{"$group": {"_id": None, "lists": {"$sum": 1}, **sizes}}]).to_list(None)
    counts: Document = totals[0] if totals else {"lists": 0, **dict.fromkeys(MODES, 0)}
    return RankingStatus(
        members=await mongo[MEMBERS.collection].count_documents({"status": "approved"}),
        lists=counts["lists"],
        dirty=await mongo[DIRTY].count_documents({}),
        suggestions={mode: counts[mode] for mode in MODES},
    )
