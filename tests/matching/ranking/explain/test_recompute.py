"""Recomputation of contributions."""

import pytest

from services.matching.ranking.explain.recompute import UnknownRule, contributions_of
from services.matching.ranking.scoring import RULES


def test_an_unknown_rule_is_not_recomputed():
    with pytest.raises(UnknownRule):
        contributions_of("b2b-0", {"topics": 1.0})
    assert all(contributions_of(rule.version, {"topics": 1.0}) for rule in RULES.values())
