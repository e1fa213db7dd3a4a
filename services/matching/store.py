"""What matching keeps: introductions, its view of members, and one shortlist per member."""

from typing import Any

from services.matching.introduction import rules
from services.matching.projections.interactions import MEETINGS_SEEN, STANDS
from services.matching.projections.members import PROFILES
from shared.chassis.errors import NotFound
from shared.chassis.mongo import ASCENDING, Document, Index, Mongo
from shared.chassis.writes.aggregate import Aggregate
from shared.contracts import topics
from shared.contracts.matching import Evidence, Mode

INTRODUCTION: Aggregate[rules.Introduction] = Aggregate(
    "introduction", topics.INTRODUCTIONS, "introductions", rules.evolve, revision=2
)
SHORTLISTS = "shortlists"
"""A read model made by the ranker: `{_id: member, lists: {mode: [suggestion]}, rules, pass, computed}`; it can be made again."""
PASSES = "passes"
"""The ranker's full passes: the one whose lists are read, and one that is being made, with `made` None."""
FROZEN = "frozen"
"""The weights of words of a pass, in parts."""

INDEXES: dict[str, list[Index]] = {
    INTRODUCTION.collection: [([("state.members", ASCENDING), ("_id", ASCENDING)], {})],
    PROFILES.collection: [
        ([("status", ASCENDING), ("_id", ASCENDING)], {}),
        ([("districts", ASCENDING), ("status", ASCENDING), ("_id", ASCENDING)], {}),
    ],
    STANDS.collection: [([("members", ASCENDING)], {})],
    MEETINGS_SEEN.collection: [([("members", ASCENDING)], {}), ([("event_id", ASCENDING)], {})],
    SHORTLISTS: [],
    PASSES: [],
    FROZEN: [([("pass", ASCENDING), ("part", ASCENDING)], {})],
}


async def approved_member(mongo: Mongo, id: str) -> Document:
    """Read a member that is approved. Raises NotFound, also while its approval has not been heard yet."""
    found = await mongo[PROFILES.collection].find_one({"_id": id, "status": "approved"})
    if found is None:
        raise NotFound(
            "member-unknown", it=f"{id} non è un membro approvato noto qui.", en=f"{id} is no approved member known here."
        )
    return found


async def names_of(mongo: Mongo, ids: list[str]) -> dict[str, str]:
    """Read the names of members."""
    found = mongo[PROFILES.collection].find({"_id": {"$in": ids}}, {"name": 1})
    return {document["_id"]: document["name"] async for document in found}


async def shortlist(mongo: Mongo, member: str) -> Document:
    """Read a member's shortlist; an empty one where it has not been ranked yet."""
    return await mongo[SHORTLISTS].find_one({"_id": member}) or {"_id": member, "lists": {}, "computed": None}


async def evidence_for(mongo: Mongo, member: str, mode: Mode, partner: str) -> Evidence | None:
    """Read what a member was shown of a partner, to be kept with the interest it expresses."""
    for suggestion in (await shortlist(mongo, member))["lists"].get(mode, ()):
        if suggestion["partner"] == partner:
            return Evidence.model_validate({name: suggestion[name] for name in Evidence.model_fields})
    return None


async def ranking_status(mongo: Mongo) -> dict[str, Any]:
    """Count approved members, shortlists, members still to be ranked, and suggestions by mode."""
    modes = ("b2b", "r2b", "f2b")
    sizes = {mode: {"$sum": {"$size": {"$ifNull": [f"$lists.{mode}", []]}}} for mode in modes}
    totals = await mongo[SHORTLISTS].aggregate([{"$group": {"_id": None, "lists": {"$sum": 1}, **sizes}}]).to_list(None)
    counted = totals[0] if totals else {"lists": 0, **dict.fromkeys(modes, 0)}
    return {
        "members": await mongo[PROFILES.collection].count_documents({"status": "approved"}),
        "lists": counted["lists"],
        "dirty": await mongo["dirty"].count_documents({}),
        "suggestions": {mode: counted[mode] for mode in modes},
    }
