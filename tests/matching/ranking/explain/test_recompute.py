"""Contributions recomputed from stored features."""

import pytest

from services.matching.ranking import ShortlistIndex, total
from services.matching.ranking.explain.recompute import UnknownRule, contributions_of, weights_of
from services.matching.ranking.rules.past_interactions import PENALTIES, Interaction
from services.matching.ranking.scoring import RULES
from tests.matching.ranking.factories import firm, need, offer


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.version)
def test_a_version_has_the_weights_of_its_rule_and_the_penalties(rule):
    assert weights_of(rule.version) == {**rule.weights, **PENALTIES}


@pytest.mark.parametrize("interactions", [(), (Interaction("a", "b", "not-now", arranged=True),)])
def test_what_is_recomputed_is_what_the_list_stored(interactions):
    group = [firm("a", needs=(need("Laser cutting of marble"),)), firm("b", offers=(offer("Laser for cutting"),))]
    (suggestion,) = ShortlistIndex(group, interactions=interactions).shortlist("a")["b2b"]
    contributions = contributions_of(suggestion.rule, suggestion.features)
    assert contributions == suggestion.contributions
    assert total(contributions) == suggestion.score


def test_contributions_are_whole_millionths():
    weight = RULES["b2b"].weights["topics"]
    assert contributions_of(RULES["b2b"].version, {"topics": 0.123457}) == {"topics": round(weight * 123_457) / 1_000_000}


def test_a_version_of_other_code_is_unknown():
    with pytest.raises(UnknownRule, match="b2b-0"):
        contributions_of("b2b-0", {})


def test_an_unknown_rule_is_not_recomputed():
    with pytest.raises(UnknownRule):
        contributions_of("b2b-0", {"topics": 1.0})
    assert all(contributions_of(rule.version, {"topics": 1.0}) for rule in RULES.values())
