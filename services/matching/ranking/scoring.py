"""The arithmetic of a score: each feature's part in whole millionths, so that sums are exact and ties are ties."""

from collections.abc import Mapping

import numpy as np

from services.matching.ranking.arrays import Floats, Ints
from services.matching.ranking.rules import b2b, f2b, r2b
from services.matching.ranking.rules.features import Evaluation, Pairs, Rule
from services.matching.ranking.rules.past_interactions import PENALTIES, Interaction
from shared.contracts.matching import Mode

RULES: Mapping[Mode, Rule] = {rule.mode: rule for rule in (b2b.RULE, r2b.RULE, f2b.RULE)}
MILLION = 1_000_000


def rounded_features(rule: Rule, evaluation: Evaluation) -> dict[str, Floats]:
    """Round the features of a rule as they are stored, so that the stored ones give exactly the same contributions."""
    return {name: np.round(evaluation.features[name], 6) for name in rule.weights}


def score_parts(weights: Mapping[str, float], features: Mapping[str, Floats]) -> dict[str, Ints]:
    """Give each feature's part of the scores, in millionths."""
    return {name: np.rint(weights[name] * values * MILLION).astype(np.int64) for name, values in features.items()}


def total_parts(parts: Mapping[str, Ints]) -> Ints:
    """Add the parts up, in millionths."""
    totals: Ints = np.sum(list(parts.values()), axis=0)
    return totals


def penalty_features(
    rule: Rule, pairs: Pairs, interactions: Mapping[int, Interaction], features: Mapping[str, Floats]
) -> dict[str, Floats]:
    """Give the penalties as features: the score the rule gives where a penalty applies, else 0."""
    penalized = {partner: interaction.penalties for partner, interaction in interactions.items() if interaction.penalties}
    if not penalized:
        return {}
    score = total_parts(score_parts(rule.weights, features)) / MILLION
    members = {name: [partner for partner, names in penalized.items() if name in names] for name in PENALTIES}
    return {name: np.where(np.isin(pairs.candidates, partners), score, 0.0) for name, partners in members.items()}
