"""What the ranking returns: a partner, a score, and the evidence for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.matching.ranking.explain.bilingual import EMPTY, Bilingual
from shared.contracts.matching import Mode

LIST_LENGTH = 20
"""The most suggestions of a mode in a list."""


@dataclass(frozen=True)
class Passage:
    """A pair of matched titles: the viewer's and the partner's, and the feature they contributed to."""

    feature: str
    yours: str
    theirs: str


@dataclass(frozen=True)
class Suggestion:
    """A partner for one member in one mode. `score` is 0 to 1, the `total` of `contributions`.

    A contribution is weight times feature (0 to 1). `shortcomings` say what keeps it from being higher, `advice` what change
    to the profile would raise it.
    """

    partner: str
    mode: Mode
    score: float
    rule: str
    contributions: dict[str, float]
    passages: tuple[Passage, ...]
    features: dict[str, float]
    reasons: Bilingual
    shortcomings: Bilingual = EMPTY
    advice: Bilingual = EMPTY


def total(contributions: Mapping[str, float]) -> float:
    """Add contributions up in whole millionths, so that the sum is exact in any order."""
    return sum(round(value * 1_000_000) for value in contributions.values()) / 1_000_000
