"""What a member is shown of its suggestions: those it asks for, of partners that are still there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from services.matching.projections import PROFILES
from services.matching.ranking import Member, Offering, Seeking, member_from_view, sees
from shared.chassis.mongo import Document, Mongo
from shared.contracts.matching import Mode
from shared.contracts.taxonomy import priority_of


@dataclass(frozen=True)
class Wanted:
    """Which suggestions: of one mode, of partners in a district or on a topic (or priority), from a score on."""

    mode: Mode | None = None
    topic: str | None = None
    district: str | None = None
    min_score: float = 0.0


async def partners(mongo: Mongo, ids: Collection[str]) -> dict[str, Document]:
    """Read those members that are approved."""
    found = mongo[PROFILES.collection].find({"_id": {"$in": list(ids)}, "status": "approved"})
    return {document["_id"]: document async for document in found}


def choose(
    lists: Mapping[Mode, list[dict[str, Any]]], viewer: Document, known: Mapping[str, Document], wanted: Wanted
) -> dict[Mode, list[dict[str, Any]]]:
    """Choose the suggestions that are wanted, in their order. A partner that is not in `known` is left out."""
    viewing = member_from_view(viewer["_id"], viewer)
    return {
        mode: [item for item in items if item["partner"] in known and _fits(item, viewing, known[item["partner"]], wanted)]
        for mode, items in lists.items()
        if wanted.mode in (None, mode)
    }


def _fits(item: Mapping[str, Any], viewer: Member, partner: Document, wanted: Wanted) -> bool:
    if item["score"] < wanted.min_score or (wanted.district and wanted.district not in partner["districts"]):
        return False
    if wanted.topic is None:
        return True
    topics = topics_seen(viewer, member_from_view(item["partner"], partner))
    return wanted.topic in topics or wanted.topic in map(priority_of, topics)


def topics_seen(viewer: Member, partner: Member) -> set[str]:
    """Name the topics of a partner's profile, and of those offers and needs that `viewer` may see."""
    items: list[Offering | Seeking] = [*partner.offers, *partner.needs]
    return {*partner.topics, *(topic for item in items if sees(viewer, partner, item) for topic in item.topics)}
