"""Reads suggestions and expresses interests; mutual interests become introductions."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from distretti.client.api import Client
from shared.chassis.progress import Advance

BEST = 5
PAIRS_A_MODE = 60
PAIRS_A_MEMBER = 5
MODES = ("b2b", "r2b", "f2b")


@dataclass
class Matches:
    """Suggestions by member and mode, and the resulting introductions by (member, member, mode)."""

    suggestions: dict[str, dict[str, list[dict[str, Any]]]] = field(default_factory=dict)
    introduced: dict[tuple[str, str, str], str] = field(default_factory=dict)
    unilateral: int = 0


async def read_suggestions(client: Client, members: Mapping[str, str], step: Advance) -> Matches:
    """Read every member's suggestions, as the member itself."""
    matches = Matches()

    async def read(member: str) -> None:
        answer = await client.get(f"/matching/v1/members/{member}/suggestions", member)
        matches.suggestions[member] = answer["suggestions"]
        step(1)

    await asyncio.gather(*(read(member) for member in members))
    return matches


def choose_pairs(matches: Matches, names: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Pairs in each other's best five, best first. Ties go by name, so that two runs choose alike."""
    chosen: list[tuple[str, str, str]] = []
    for mode in MODES:
        busy: Counter[str] = Counter()
        best = {member: _best(lists.get(mode, []), names) for member, lists in matches.suggestions.items()}
        mutual = {
            (member, partner): score + best[partner][member]
            for member, partners in best.items()
            for partner, score in partners.items()
            if names[member] < names[partner] and member in best.get(partner, {})
        }
        count = 0
        for member, partner in sorted(mutual, key=lambda pair: (-mutual[pair], names[pair[0]], names[pair[1]])):
            if count < PAIRS_A_MODE and max(busy[member], busy[partner]) < PAIRS_A_MEMBER:
                chosen.append((member, partner, mode))
                busy.update((member, partner))
                count += 1
    return chosen


def _best(suggestions: list[dict[str, Any]], names: Mapping[str, str]) -> dict[str, float]:
    ranked = sorted(suggestions, key=lambda item: (-item["score"], names[item["partner"]]))
    return {item["partner"]: item["score"] for item in ranked[:BEST]}


async def express_interests(client: Client, matches: Matches, pairs: list[tuple[str, str, str]], step: Advance) -> None:
    """Let both sides of each pair express interest; every eighth pair stays one-sided and makes no introduction."""

    async def express(by: str, towards: str, mode: str) -> Any:
        return await client.post("/matching/v1/interests", {"mode": mode, "by": by, "towards": towards}, by)

    async def introduce(number: int, member: str, partner: str, mode: str) -> None:
        await express(member, partner, mode)
        if number % 8 == 7:
            matches.unilateral += 1
        else:
            introduction = await express(partner, member, mode)
            assert introduction["introduced"], introduction
            matches.introduced[member, partner, mode] = introduction["id"]
        step(1)

    await asyncio.gather(*(introduce(number, *pair) for number, pair in enumerate(pairs)))
