"""The arithmetic of a suggestion, again: from the values of its features and the weights of the rule that made it."""

from collections.abc import Mapping

from services.matching.ranking.rules.past_interactions import WEIGHTS
from services.matching.ranking.shortlist_index import MILLION, RULES


class UnknownRule(Exception):
    """No rule of this version is known here: the suggestion was made by other code."""


def weights_of(version: str) -> Mapping[str, float]:
    """Give the weights of a rule by its version, with those of acquaintance. Raises UnknownRule."""
    for rule in RULES.values():
        if rule.version == version:
            return {**rule.weights, **WEIGHTS}
    raise UnknownRule(version)


def contributions_of(version: str, features: Mapping[str, float]) -> dict[str, float]:
    """Weigh each feature, in whole millionths. Raises UnknownRule."""
    weights = weights_of(version)
    return {name: round(weights[name] * value * MILLION) / MILLION for name, value in features.items()}
