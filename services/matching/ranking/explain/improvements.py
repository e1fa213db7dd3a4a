"""Why a suggestion does not score higher, and what change to the profile would raise it."""

from collections.abc import Mapping, Set
from functools import lru_cache

from services.matching.ranking.explain.bilingual import Bilingual, fill, joined

WITH_ADVICE = frozenset(
    {
        *("their_offer", "our_offer", "research_for_need", "field", "sector", "topics"),
        *("maturity", "stage", "ticket", "supply_chain", "rights"),
    }
)
"""Features whose shortcoming a member can do something about."""
WITHOUT_ADVICE = frozenset({"firm_for_research", "experience", "together", "place", "seldom_shown", "size"})
# Facilities are in neither: few have or need one, so their absence is no shortcoming.
SHORTCOMINGS = WITH_ADVICE | WITHOUT_ADVICE
COLLABORATION_FEATURES = frozenset({"experience", "together"})
"""Features that rest on collaborations: where none is known, they say nothing about a pair."""
MAX_NAMED = 2
NEGLIGIBLE = 0.005


def improvements(
    weights: Mapping[str, float], features: Mapping[str, float], unknown: Set[str] = frozenset()
) -> tuple[Bilingual, Bilingual]:
    """Explain why a pair does not score higher, and what would raise it: the `MAX_NAMED` features that lack most.

    Features are 0 to 1; those in `unknown` are not mentioned. Empty texts where nothing is lacking, or nothing can be done.
    """
    lacking = [(-weights[name] * (1.0 - features[name]), name) for name in weights if name in SHORTCOMINGS and name not in unknown]
    return _texts(tuple(name for lack, name in sorted(lacking) if lack < -NEGLIGIBLE))


@lru_cache(maxsize=10_000)
def _texts(order: tuple[str, ...]) -> tuple[Bilingual, Bilingual]:
    """Write the texts for the features that lack, most first. Cached: the same orders recur all the time."""
    actionable = [name for name in order if name in WITH_ADVICE][:MAX_NAMED]
    return joined(map(shortcoming, order[:MAX_NAMED])), joined(map(advice, actionable))


def shortcoming(feature: str) -> Bilingual:
    """Write what a low feature, or a penalty, means."""
    return fill(f"shortcoming-{feature.replace('_', '-')}")


def advice(feature: str) -> Bilingual:
    """Write what would raise a low feature, or take a penalty away."""
    return fill(f"advice-{feature.replace('_', '-')}")
