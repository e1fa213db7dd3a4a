"""Popularity: how much more often than others a member is among the first of the lists that could name it.

Otherwise a few members that fit nearly everyone would fill every list and get all requests. Counted in the lists of a sample
of viewers, drawn by their ids and ranked from what everybody may see: so nothing restricted shows in it, and the same members
give the same values. It is part of the snapshot, as the weights of words are, until the next full rebuild.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from services.matching.ranking.arrays import Floats
from services.matching.ranking.corpus.profile import Member
from services.matching.ranking.rules.sides import side_of
from shared.contracts.matching import Mode

# Viewers sampled on each side, and how many of the first partners of a list are visible at a glance.
VIEWERS, FIRST = 200, 10
# The kind on the other side of a mode, by mode, as seen from a firm.
COUNTERPARTS: Mapping[Mode, str] = {"b2b": "firm", "r2b": "research-organisation", "f2b": "financial-operator"}


@dataclass(frozen=True)
class Popularity:
    """Popularity by mode and member: 0 when shown no more often than the average, 1 when shown in every list."""

    values: Mapping[Mode, Mapping[str, float]]

    def of(self, mode: Mode, ids: Iterable[str]) -> Floats:
        """Give the popularity of some members; 0 for members that did not exist when it was counted."""
        values = self.values.get(mode, {})
        return np.array([values.get(id, 0.0) for id in ids])


def sample_viewers(members: Sequence[Member]) -> list[int]:
    """Draw the viewers, by number: as many firms as research organisations and financial operators."""
    drawn: dict[str, list[int]] = {}
    for number in sorted(range(len(members)), key=lambda number: (crc32(members[number].id.encode()), members[number].id)):
        side = drawn.setdefault(side_of(members[number].kind), [])
        if len(side) < VIEWERS:
            side.append(number)
    return [number for side in drawn.values() for number in side]


def measure_popularity(members: Sequence[Member], first_partners: Callable[[int, int], Mapping[Mode, Sequence[int]]]) -> Popularity:
    """Count in whose lists members are; `first_partners(viewer, count)` numbers the first ones of a viewer in each mode."""
    appearances: dict[Mode, Counter[int]] = {}
    lists: Counter[tuple[Mode, str]] = Counter()
    sides = Counter(side_of(member.kind) for member in members)
    for viewer in sample_viewers(members):
        for mode, partners in first_partners(viewer, FIRST).items():
            appearances.setdefault(mode, Counter()).update(partners)
            lists[mode, side_of(members[viewer].kind)] += 1

    def popularity_of(mode: Mode, partner: Member, count: int) -> float:
        side = side_of(partner.kind)
        viewers = COUNTERPARTS[mode] if side == "firm" else "firm"
        return _excess(count / lists[mode, viewers], FIRST / sides[side])

    return Popularity(
        {
            mode: {members[partner].id: popularity_of(mode, members[partner], count) for partner, count in counts.items()}
            for mode, counts in appearances.items()
        }
    )


def _excess(share: float, average: float) -> float:
    """Scale a share of lists from the `average` share (0) to all lists (1)."""
    return max(0.0, share - average) / (1.0 - average) if average < 1.0 else 0.0
