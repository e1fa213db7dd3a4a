"""The coverage of a district: the database looks into the lists, and returns their lengths and the needs they answer."""

from collections.abc import AsyncIterator

from services.matching.coverage.rules import MODES, MemberCoverage, NeedCoverage, answering_modes, open_modes
from services.matching.projections.members import MEMBERS
from services.matching.shortlist.stored import SHORTLISTS
from shared.chassis.mongo import Document, Mongo

ANSWER_SCORE = 0.2
"""A need is answered where a suggestion of at least this score rests on it."""
MAX_MILLISECONDS = 10_000
"""Time limit of one count in the database; beyond it the request is answered as an outage is."""
ANSWERING_FEATURES = ("their_offer", "their_facility", "research_for_need", "firm_for_research", "capital")
"""The features of the rules in which an offer answers a need; similarity alone does not."""


async def coverage_of(mongo: Mongo, district: str, min_score: float, begin: str = "") -> AsyncIterator[MemberCoverage]:
    """Give the approved members of a district in the order of their ids, from `begin` on."""
    pipeline = _pipeline(district, min_score, begin)
    async for document in mongo[MEMBERS.collection].aggregate(pipeline, batchSize=200, maxTimeMS=MAX_MILLISECONDS):
        yield parse_coverage(document)


def parse_coverage(document: Document) -> MemberCoverage:
    """Parse a document that the pipeline gives."""
    kind = document["kind"]
    needs = tuple(_need(need, document) for need in sorted(document["needs"], key=lambda need: str(need["id"])))
    modes = open_modes(kind, {need.nature for need in needs})
    suggested = tuple(mode for mode in modes if document["suggested"][mode])
    return MemberCoverage(document["_id"], document["name"], kind, modes, suggested, needs)


def _need(need: Document, member: Document) -> NeedCoverage:
    modes = answering_modes(member["kind"], need["nature"])
    answered = tuple(mode for mode in modes if need["title"] in member["answered"][mode])
    return NeedCoverage(need["id"], need["title"], need["nature"], modes, answered)


def _pipeline(district: str, min_score: float, begin: str) -> list[Document]:
    lists = {mode: {"$ifNull": [{"$first": f"$found.lists.{mode}"}, []]} for mode in MODES}
    return [
        {"$match": {"districts": district, "status": "approved", "_id": {"$gte": begin}}},
        {"$sort": {"_id": 1}},
        {"$lookup": {"from": SHORTLISTS, "localField": "_id", "foreignField": "_id", "as": "found"}},
        {
            "$project": {
                "name": 1,
                "kind": 1,
                "needs": {"$map": {"input": {"$objectToArray": "$needs"}, "in": _need_fields("$$this.k", "$$this.v")}},
                "suggested": {mode: {"$size": items} for mode, items in lists.items()},
                "answered": {mode: _answered_titles(items, min_score) for mode, items in lists.items()},
            }
        },
    ]


def _need_fields(id: str, need: str) -> Document:
    return {"id": id, "title": f"{need}.title", "nature": f"{need}.nature"}


def _answered_titles(items: Document, min_score: float) -> Document:
    """Gather the member's own titles that suggestions of at least `min_score` answer."""
    good = {"$filter": {"input": items, "cond": {"$gte": ["$$this.score", min_score]}}}
    is_answer = {"$in": ["$$passage.feature", list(ANSWERING_FEATURES)]}
    answers = {"$filter": {"input": "$$this.passages", "as": "passage", "cond": is_answer}}
    titles = {"$map": {"input": answers, "as": "passage", "in": "$$passage.yours"}}
    return {"$reduce": {"input": good, "initialValue": [], "in": {"$setUnion": ["$$value", titles]}}}
