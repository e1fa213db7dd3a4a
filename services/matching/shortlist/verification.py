"""Recomputation of stored suggestions: each score from its evidence, each list from profiles and interactions."""

import asyncio
from collections.abc import Container, Sequence
from dataclasses import dataclass, field

from services.matching.ranking import LIST_LENGTH, ShortlistIndex, Suggestion, total
from services.matching.ranking.explain.recompute import UnknownRule, contributions_of
from services.matching.shortlist.full_rebuild import rule_versions, snapshot_of
from services.matching.shortlist.inputs import index_of, read_all, read_pair
from services.matching.shortlist.stored import SHORTLISTS, StoredSuggestion, read_shortlist, shortlist_document
from shared.chassis.mongo import Document, Mongo
from shared.chassis.progress import Advance
from shared.contracts.matching import DeclineCode

BLOCK = 100


@dataclass
class VerificationReport:
    """How many suggestions were recomputed, and which differ: member, mode, partner, what.

    A member without a list differs too. `waiting` counts the dirty set: until it is ranked, lists may rightly differ.
    """

    suggestions: int = 0
    waiting: int = 0
    differing: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Explanation:
    """How a partner ranks for a member; and in the stored list of so many its place, from 1, and its score, if listed.

    The list's last score, and whether it takes no more. `declined` is the code with which the member declined it for good.
    """

    suggestion: Suggestion | None
    place: int | None
    of: int
    stored_score: float | None
    last_score: float | None
    full: bool
    declined: DeclineCode | None = None


async def recompute(mongo: Mongo, advance: Advance = lambda _: None) -> VerificationReport:
    """Recompute every stored suggestion, from its evidence and from the profiles; `advance` gets how many lists were done."""
    report = VerificationReport()
    dirty, inputs = await read_all(mongo)
    report.waiting = len(dirty)
    rebuilds = {document["_id"]: document["pass"] async for document in mongo[SHORTLISTS].find({}, {"pass": 1})}
    report.differing += [f"{id}: it has no list" for id in sorted(inputs.members.keys() - rebuilds.keys())]
    for rebuild in set(rebuilds.values()):
        snapshot = await snapshot_of(mongo, rebuild)
        index = await asyncio.to_thread(
            ShortlistIndex, inputs.members.values(), interactions=inputs.interactions, snapshot=snapshot
        )
        ids = sorted(id for id, number in rebuilds.items() if number == rebuild)
        for at in range(0, len(ids), BLOCK):
            documents = await mongo[SHORTLISTS].find({"_id": {"$in": ids[at : at + BLOCK]}}).to_list(None)
            await asyncio.to_thread(_compare, index, inputs.members, documents, report)
            advance(len(documents))
    return report


def _compare(index: ShortlistIndex, members: Container[str], documents: Sequence[Document], report: VerificationReport) -> None:
    listed = [document["_id"] for document in documents if document["_id"] in members]
    rules, computed = rule_versions(), documents[0]["computed"]
    recomputed = {id: shortlist_document(id, lists, rules, computed)["lists"] for id, lists in index.shortlists(listed)}
    for document in documents:
        id, lists = document["_id"], read_shortlist(document).lists
        for mode in sorted(lists.keys() | recomputed.get(id, {}).keys()):
            suggestions = lists.get(mode, ())
            report.suggestions += len(suggestions)
            errors = ((suggestion.partner, _error_in(suggestion)) for suggestion in suggestions)
            report.differing += [f"{id} {mode} {partner}: {error}" for partner, error in errors if error]
            if document["lists"].get(mode, []) != recomputed.get(id, {}).get(mode, []):
                report.differing.append(f"{id} {mode}: the profiles give another list")


def _error_in(suggestion: StoredSuggestion) -> str | None:
    """Describe what the evidence of a suggestion does not bear out."""
    try:
        contributions = contributions_of(suggestion.rule, suggestion.features)
    except UnknownRule as unknown:
        return f"rule {unknown} is unknown to this code"
    if contributions != suggestion.contributions:
        return "its features do not give its contributions"
    return None if total(contributions) == suggestion.score else "its contributions do not give its score"


class NotRanked(Exception):
    """The member has no list yet."""


async def explain(mongo: Mongo, member: str, partner: str) -> Explanation:
    """Explain how a partner ranks for a member, listed or not, with the snapshot of the list that is read.

    The two members are enough for it: a pair's score depends on nobody else. Raises NotRanked, and KeyError where one of
    them is not an approved member known to matching.
    """
    inputs = await read_pair(mongo, member, partner)
    document = await mongo[SHORTLISTS].find_one({"_id": member})
    if document is None:
        raise NotRanked(member)
    snapshot = await snapshot_of(mongo, document["pass"])
    index = index_of(inputs, snapshot)
    suggestion = index.explain(member, partner)
    stored = read_shortlist(document).lists.get(suggestion.mode, ()) if suggestion else ()
    places = [number for number, listed in enumerate(stored, 1) if listed.partner == partner]
    score = stored[places[0] - 1].score if places else None
    interactions = inputs.interactions_by_member.get(member, ())
    declines = (interaction.declined for interaction in interactions if interaction.towards == partner and interaction.excluded)
    return Explanation(
        suggestion,
        places[0] if places else None,
        len(stored),
        score,
        stored[-1].score if stored else None,
        len(stored) >= LIST_LENGTH,
        next(declines, None),
    )
