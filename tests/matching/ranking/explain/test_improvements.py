"""What is stated of features that lack."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching.ranking.explain.bilingual import EMPTY, joined
from services.matching.ranking.explain.improvements import (
    COLLABORATION_FEATURES,
    MAX_NAMED,
    SHORTCOMINGS,
    WITH_ADVICE,
    WITHOUT_ADVICE,
    advice,
    improvements,
    shortcoming,
)
from services.matching.ranking.rules.past_interactions import PENALTIES
from services.matching.ranking.scoring import RULES

WEIGHTS = {"their_offer": 0.4, "place": 0.3, "topics": 0.2, "size": 0.1}
FEW_WEIGHTS = {"topics": 0.3, "maturity": 0.2, "place": 0.1, "facilities": 0.4}


def test_the_features_that_lack_most_are_named_first_and_only_some():
    shortcomings, raising = improvements(WEIGHTS, dict.fromkeys(WEIGHTS, 0.0))
    assert shortcomings == joined([shortcoming("their_offer"), shortcoming("place")])
    assert raising == joined([advice("their_offer"), advice("topics")])


def test_the_weight_of_what_lacks_decides_not_the_feature_alone():
    shortcomings, _ = improvements(WEIGHTS, {"their_offer": 0.9, "place": 0.5, "topics": 0.0, "size": 0.0})
    assert shortcomings == joined([shortcoming("topics"), shortcoming("place")])


def test_a_perfect_pair_lacks_nothing_and_a_negligible_lack_is_not_mentioned():
    assert improvements(WEIGHTS, dict.fromkeys(WEIGHTS, 1.0)) == (EMPTY, EMPTY)
    assert improvements(WEIGHTS, {**dict.fromkeys(WEIGHTS, 1.0), "size": 0.96}) == (EMPTY, EMPTY)
    assert improvements(WEIGHTS, {**dict.fromkeys(WEIGHTS, 1.0), "size": 0.9}) == (shortcoming("size"), EMPTY)


def test_features_that_say_nothing_are_not_mentioned():
    weights = {"together": 0.9, "topics": 0.1}
    shortcomings, _ = improvements(weights, {"together": 0.0, "topics": 0.0}, COLLABORATION_FEATURES)
    assert shortcomings == shortcoming("topics")


def test_facilities_are_never_a_shortcoming():
    assert improvements({"facilities": 1.0}, {"facilities": 0.0}) == (EMPTY, EMPTY)


@pytest.mark.parametrize("feature", sorted(SHORTCOMINGS | PENALTIES.keys()))
def test_every_shortcoming_has_a_text_in_both_languages(feature: str):
    texts = [shortcoming(feature)] if feature in WITHOUT_ADVICE else [shortcoming(feature), advice(feature)]
    assert all(text.it and text.en and text.it != text.en for text in texts)


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.version)
@settings(max_examples=15)
@given(data=st.data())
def test_advice_is_given_only_where_a_shortcoming_allows_it(rule, data: st.DataObject):
    features = {name: data.draw(st.floats(0, 1)) for name in rule.weights}
    shortcomings, raising = improvements(rule.weights, features)
    named = [name for name in SHORTCOMINGS & rule.weights.keys() if shortcoming(name).en in shortcomings.en]
    advised = [name for name in WITH_ADVICE & rule.weights.keys() if advice(name).en in raising.en]
    assert len(named) <= MAX_NAMED
    assert len(advised) <= MAX_NAMED
    assert all(features[name] < 1 for name in (*named, *advised))


def test_the_features_that_lack_most_by_weight_are_named_first() -> None:
    shortcomings, raising = improvements(FEW_WEIGHTS, dict.fromkeys(FEW_WEIGHTS, 0.0))
    assert shortcomings.en == "Few topics in common. The readiness levels (TRL) are far apart or not stated."
    assert raising.it == "Aggiungete al profilo i temi che mancano. Indicate il TRL di offerte ed esigenze."


def test_nothing_is_said_where_nothing_lacks_or_nothing_is_known() -> None:
    assert improvements(FEW_WEIGHTS, dict.fromkeys(FEW_WEIGHTS, 1.0)) == (("", ""), ("", ""))
    unknown = frozenset({"topics", "maturity", "place"})
    assert improvements(FEW_WEIGHTS, dict.fromkeys(FEW_WEIGHTS, 0.0), unknown) == (("", ""), ("", ""))


def test_every_shortcoming_and_penalty_has_its_texts() -> None:
    for feature in (*SHORTCOMINGS, *PENALTIES):
        assert all(shortcoming(feature))
    for feature in (*WITH_ADVICE, *PENALTIES):
        assert all(advice(feature))
