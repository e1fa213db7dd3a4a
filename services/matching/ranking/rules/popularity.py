"""Who is in demand: how much more often than others a member stands among the first of the lists that could name it.

A few that fit nearly everyone would otherwise fill every list and be asked by all. Counted in the lists of a sample of
viewers, drawn by their ids, made from what everybody may see: so nothing hidden shows in it, and the same members give
the same. It is kept, as the weights of words are, until the next full pass.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from services.matching.ranking.corpus.documents import Floats
from services.matching.ranking.corpus.profile import Member
from services.matching.ranking.rules.modes import side_of
from shared.contracts.matching import Mode

# Viewers asked on each side, and how many of the first partners of a list are shown at a glance.
VIEWERS, FIRST = 200, 10


@dataclass(frozen=True)
class Demand:
    """Demand by mode and member: 0 when shown as often as if all were shown alike, or less; 1 when shown in every list."""

    values: Mapping[Mode, Mapping[str, float]]

    def of(self, mode: Mode, ids: Iterable[str]) -> Floats:
        """Give the demand of some members; 0 for who was not there when it was counted."""
        values = self.values.get(mode, {})
        return np.array([values.get(id, 0.0) for id in ids])


def sample(members: Sequence[Member]) -> list[int]:
    """Draw the viewers to ask, by number: firms, research organisations and financial operators alike."""
    drawn: dict[str, list[int]] = {}
    for number in sorted(range(len(members)), key=lambda number: (crc32(members[number].id.encode()), members[number].id)):
        some = drawn.setdefault(side_of(members[number].kind), [])
        if len(some) < VIEWERS:
            some.append(number)
    return [number for some in drawn.values() for number in some]


def measure(members: Sequence[Member], firsts: Callable[[int, int], Mapping[Mode, Sequence[int]]]) -> Demand:
    """Count in whose lists members stand; `firsts(viewer, count)` numbers the first partners of a viewer in each mode."""
    shown: dict[Mode, Counter[int]] = {}
    asked: Counter[tuple[Mode, str]] = Counter()
    sides = Counter(side_of(member.kind) for member in members)
    for viewer in sample(members):
        for mode, partners in firsts(viewer, FIRST).items():
            shown.setdefault(mode, Counter()).update(partners)
            asked[mode, side_of(members[viewer].kind)] += 1
    return Demand(
        {
            mode: {
                members[partner].id: _beyond(
                    count / asked[mode, _across(mode, members[partner])], FIRST / sides[side_of(members[partner].kind)]
                )
                for partner, count in counts.items()
            }
            for mode, counts in shown.items()
        }
    )


def _beyond(share: float, alike: float) -> float:
    """Measure how far a share of lists is beyond the one that all would have alike."""
    return max(0.0, share - alike) / (1.0 - alike) if alike < 1.0 else 0.0


def _across(mode: Mode, member: Member) -> str:
    """Name the side whose lists a member can stand in."""
    other = {"b2b": "firm", "r2b": "research-organisation", "f2b": "financial-operator"}[mode]
    return other if side_of(member.kind) == "firm" else "firm"
