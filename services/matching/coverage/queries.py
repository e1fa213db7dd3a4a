"""What a district's members find here: who has no suggestion, and which needs nobody answers."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from services.matching.projections.members import PROFILES
from services.matching.ranking import modes_of
from services.matching.store import SHORTLISTS
from shared.chassis.mongo import Document, Mongo
from shared.contracts.matching import Mode
from shared.contracts.registry import Kind, Nature

MODES: tuple[Mode, ...] = get_args(Mode)
ANSWER_SCORE = 0.2
"""A need is answered where a suggestion of at least this score rests on it."""
MOST_MILLISECONDS = 10_000
"""What the database may work at one count; one that takes longer is answered as an outage is."""
ANSWERS = ("their_offer", "their_facility", "research_for_need", "firm_for_research", "capital")
"""The features of the rules in which something offered answers a need; what is merely alike does not."""


@dataclass(frozen=True)
class Need:
    """A need, the modes in which it could be answered, and those of them in which it is."""

    id: str
    title: str
    nature: Nature
    modes: tuple[Mode, ...]
    answered: tuple[Mode, ...]

    def lacks(self, mode: Mode | None) -> bool:
        """Tell whether nobody answers it in a mode; without one, in any. What no mode could answer lacks nothing."""
        return bool(self.modes) and not self.answered if mode is None else mode in self.modes and mode not in self.answered


@dataclass(frozen=True)
class Covered:
    """A member, the modes open to it, those in which it has suggestions, and its needs."""

    id: str
    name: str
    kind: Kind
    modes: tuple[Mode, ...]
    suggested: tuple[Mode, ...]
    needs: tuple[Need, ...]

    def lacks(self, mode: Mode | None) -> bool:
        """Tell whether it has no suggestion in a mode; without one, in any."""
        return not self.suggested if mode is None else mode in self.modes and mode not in self.suggested


def open_modes(kind: Kind, natures: set[Nature]) -> tuple[Mode, ...]:
    """Name the modes open to a member. A firm that looks for no capital misses nothing where nobody offers it any."""
    possible = {mode for other in get_args(Kind) for mode in modes_of(kind, other)}
    seeks_none = kind != "financial-operator" and "capital" not in natures
    return tuple(mode for mode in MODES if mode in possible and not (mode == "f2b" and seeks_none))


def answering_modes(kind: Kind, nature: Nature) -> tuple[Mode, ...]:
    """Name the modes in which a need could be answered: capital by finance alone, all else by firms and research."""
    return tuple(mode for mode in open_modes(kind, {nature}) if (mode == "f2b") == (nature == "capital"))


def covered(found: Mapping[str, Any]) -> Covered:
    """Read one member of the pipeline."""
    kind: Kind = found["kind"]
    needs = tuple(
        Need(
            need["id"],
            need["title"],
            need["nature"],
            modes := answering_modes(kind, need["nature"]),
            tuple(mode for mode in modes if need["title"] in found["answered"][mode]),
        )
        for need in sorted(found["needs"], key=lambda need: str(need["id"]))
    )
    modes = open_modes(kind, {need.nature for need in needs})
    suggested = tuple(mode for mode in modes if found["suggested"][mode])
    return Covered(found["_id"], found["name"], kind, modes, suggested, needs)


async def coverage_of(mongo: Mongo, district: str, min_score: float, begin: str = "") -> AsyncIterator[Covered]:
    """Give the approved members of a district in the order of their ids, from `begin` on."""
    pipeline = _pipeline(district, min_score, begin)
    async for found in mongo[PROFILES.collection].aggregate(pipeline, batchSize=200, maxTimeMS=MOST_MILLISECONDS):
        yield covered(found)


def _pipeline(district: str, min_score: float, begin: str) -> list[Document]:
    """Let the database look into the lists: of each only its length, and the needs it rests on, come back."""
    lists = {mode: {"$ifNull": [{"$first": f"$found.lists.{mode}"}, []]} for mode in MODES}
    return [
        {"$match": {"districts": district, "status": "approved", "_id": {"$gte": begin}}},
        {"$sort": {"_id": 1}},
        {"$lookup": {"from": SHORTLISTS, "localField": "_id", "foreignField": "_id", "as": "found"}},
        {
            "$project": {
                "name": 1,
                "kind": 1,
                "needs": {"$map": {"input": {"$objectToArray": "$needs"}, "in": _pick("$$this.k", "$$this.v")}},
                "suggested": {mode: {"$size": items} for mode, items in lists.items()},
                "answered": {mode: _rested_on(items, min_score) for mode, items in lists.items()},
            }
        },
    ]


def _pick(id: str, need: str) -> Document:
    return {"id": id, "title": f"{need}.title", "nature": f"{need}.nature"}


def _rested_on(items: Document, min_score: float) -> Document:
    """Gather the member's own titles that good suggestions answer."""
    good = {"$filter": {"input": items, "cond": {"$gte": ["$$this.score", min_score]}}}
    answers = {"$filter": {"input": "$$this.passages", "as": "passage", "cond": {"$in": ["$$passage.feature", list(ANSWERS)]}}}
    titles = {"$map": {"input": answers, "as": "passage", "in": "$$passage.yours"}}
    return {"$reduce": {"input": good, "initialValue": [], "in": {"$setUnion": ["$$value", titles]}}}


class Counts:
    """Adds members up: how many there are and lack something, as a whole and by mode."""

    def __init__(self) -> None:
        self._members: Counter[tuple[str, Mode | None]] = Counter()
        self._needs: Counter[tuple[str, Mode | None]] = Counter()

    def add(self, member: Covered) -> None:
        """Count one member and its needs."""
        _count(self._members, member)
        for need in member.needs:
            _count(self._needs, need)

    def shown(self) -> dict[str, Any]:
        """Write the counts down."""
        return {"members": _shown(self._members, "without_suggestion"), "needs": _shown(self._needs, "without_answer")}


def _count(counts: Counter[tuple[str, Mode | None]], one: Covered | Need) -> None:
    for mode in (None, *one.modes):
        counts["total", mode] += 1
        counts["lacking", mode] += one.lacks(mode)


def _shown(counts: Counter[tuple[str, Mode | None]], lacking: str) -> dict[str, Any]:
    of = {mode: {"total": counts["total", mode], lacking: counts["lacking", mode]} for mode in (None, *MODES)}
    return {**of[None], "by_mode": {mode: of[mode] for mode in MODES}}
