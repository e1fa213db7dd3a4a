"""Recompute a suggestion's contributions from the values of its features and the weights of its rule."""

from collections.abc import Mapping

from services.matching.ranking.rules.past_interactions import PENALTIES
from services.matching.ranking.scoring import MILLION, RULES


class UnknownRule(Exception):
    """This code has no rule of that version: the suggestion was made by other code."""


def weights_of(version: str) -> Mapping[str, float]:
    """Give the weights of a rule by its version, with the penalties for past interactions. Raises UnknownRule."""
    for rule in RULES.values():
        if rule.version == version:
            return {**rule.weights, **PENALTIES}
    raise UnknownRule(version)


def contributions_of(version: str, features: Mapping[str, float]) -> dict[str, float]:
    """Weigh each feature, in whole millionths. Raises UnknownRule."""
    weights = weights_of(version)
    return {name: round(weights[name] * value * MILLION) / MILLION for name, value in features.items()}
