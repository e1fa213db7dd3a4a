"""Making suggestions again from what is stored: each score from its evidence, each list from profiles and dealings."""

import asyncio
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.matching.ranking import ShortlistIndex, Suggestion, total
from services.matching.ranking.explain.recompute import UnknownRule, contributions_of
from services.matching.shortlist.full_rebuild import frozen_by, rule_versions
from services.matching.shortlist.inputs import read_all, read_pair
from services.matching.shortlist.serialization import list_document
from services.matching.store import SHORTLISTS
from shared.chassis.mongo import Document, Mongo
from shared.contracts.matching import DeclineCode

BLOCK = 100


@dataclass
class Recomputed:
    """How many suggestions were made again, and which came out otherwise: member, mode, partner, what.

    A member without a list differs too. `waiting` counts what has changed since and is not ranked yet: then lists may differ
    rightly.
    """

    suggestions: int = 0
    waiting: int = 0
    differing: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Standing:
    """How a partner stands with a member; and in the stored list of so many its place, from 1, and its score, if it is there.

    `declined` is the reason for which the member declined it for good.
    """

    suggestion: Suggestion | None
    place: int | None
    of: int
    stored_score: float | None
    declined: DeclineCode | None = None


async def recompute(mongo: Mongo, step: Callable[[int], None] = lambda _: None) -> Recomputed:
    """Make every stored suggestion again, twice; `step` hears how many lists were done."""
    done = Recomputed()
    marks, inputs = await read_all(mongo)
    done.waiting = len(marks)
    lists = await mongo[SHORTLISTS].find({}, {"pass": 1}).to_list(None)
    listed = {one["_id"] for one in lists}
    done.differing += [f"{id}: it has no list" for id in sorted(inputs.members.keys() - listed)]
    for number in {one["pass"] for one in lists}:
        snapshot = await frozen_by(mongo, number)
        index = await asyncio.to_thread(
            ShortlistIndex, inputs.members.values(), interactions=inputs.interactions, snapshot=snapshot
        )
        ids = sorted(one["_id"] for one in lists if one["pass"] == number)
        for at in range(0, len(ids), BLOCK):
            some = await mongo[SHORTLISTS].find({"_id": {"$in": ids[at : at + BLOCK]}}).to_list(None)
            await asyncio.to_thread(_compare, index, inputs.members, some, done)
            step(len(some))
    return done


def _compare(index: ShortlistIndex, members: Container[str], stored: Sequence[Document], done: Recomputed) -> None:
    here = [one["_id"] for one in stored if one["_id"] in members]
    again = {id: list_document(id, lists, rule_versions(), stored[0]["computed"])["lists"] for id, lists in index.shortlists(here)}
    for one in stored:
        id, lists, fresh = one["_id"], one["lists"], again.get(one["_id"], {})
        for mode in sorted(lists.keys() | fresh.keys()):
            items = lists.get(mode, [])
            done.suggestions += len(items)
            done.differing += [f"{id} {mode} {item['partner']}: {what}" for item in items if (what := _wrong(item))]
            if items != fresh.get(mode, []):
                done.differing.append(f"{id} {mode}: the profiles give another list")


def _wrong(item: dict[str, Any]) -> str | None:
    """Say what the evidence of a suggestion does not bear out."""
    try:
        contributions = contributions_of(item["rule"], item["features"])
    except UnknownRule as unknown:
        return f"no rule {unknown} is known here"
    if contributions != item["contributions"]:
        return "its features do not give its contributions"
    return None if total(contributions) == item["score"] else "its contributions do not give its score"


class NotRanked(Exception):
    """The member has no list yet."""


async def explain(mongo: Mongo, member: str, partner: str) -> Standing:
    """Say how a partner stands with a member, listed or not, with the weights of words that made the list that is read.

    Two members are enough for it: what is between them depends on nobody else. Raises NotRanked, and KeyError where one of
    them is no approved member known here.
    """
    found = await mongo[SHORTLISTS].find_one({"_id": member})
    if found is None:
        raise NotRanked(member)
    snapshot = await frozen_by(mongo, found["pass"])
    inputs = await read_pair(mongo, member, partner)
    index = ShortlistIndex(inputs.members.values(), interactions=inputs.interactions, snapshot=snapshot)
    suggestion = index.explain(member, partner)
    items = found["lists"].get(suggestion.mode, []) if suggestion else []
    places = [number for number, item in enumerate(items, 1) if item["partner"] == partner]
    stored = items[places[0] - 1]["score"] if places else None
    declined = next((one.declined for one in inputs.known.get(member, ()) if one.towards == partner and one.excluded), None)
    return Standing(suggestion, places[0] if places else None, len(items), stored, declined)
