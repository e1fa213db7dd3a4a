"""What a member is shown of its suggestions: those it asks for, of partners that are still there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from services.matching.projections.members import PROFILES
from services.matching.ranking import Member, Need, Offer, can_see, member_from_view
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
    lists: Mapping[Mode, list[dict[str, Any]]], viewer: Member, known: Mapping[str, Document], wanted: Wanted
) -> dict[Mode, list[dict[str, Any]]]:
    """Choose the suggestions that are wanted, in their order.

    A partner that is not in `known` is left out, and one of which a passage quotes what the viewer may no longer see.
    """
    there = {id: member_from_view(id, document) for id, document in known.items()}
    return {
        mode: [item for item in items if item["partner"] in there and _fits(item, viewer, there[item["partner"]], wanted)]
        for mode, items in lists.items()
        if wanted.mode in (None, mode)
    }


def _fits(item: Mapping[str, Any], viewer: Member, partner: Member, wanted: Wanted) -> bool:
    if item["score"] < wanted.min_score or (wanted.district and wanted.district not in partner.districts):
        return False
    if not all(_is_seen(passage["theirs"], viewer, partner) for passage in item["passages"]):
        return False
    if wanted.topic is None:
        return True
    topics = topics_seen(viewer, partner)
    return wanted.topic in topics or wanted.topic in map(priority_of, topics)


def _is_seen(quote: str, viewer: Member, partner: Member) -> bool:
    """Tell whether a quote is a title that the viewer may see, or the beginning of the summary."""
    items: list[Offer | Need] = [*partner.offers, *partner.needs]
    titles = (item.title for item in items if can_see(viewer, partner, item))
    return quote in titles or " ".join(partner.summary.split()).startswith(quote.removesuffix("…"))


def topics_seen(viewer: Member, partner: Member) -> set[str]:
    """Name the topics of a partner's profile, and of those offers and needs that `viewer` may see."""
    items: list[Offer | Need] = [*partner.offers, *partner.needs]
    return {*partner.topics, *(topic for item in items if can_see(viewer, partner, item) for topic in item.topics)}
