"""From features to a score in whole millionths."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.matching.ranking import Interaction
from services.matching.ranking.rules.features import Evaluation, Rule
from services.matching.ranking.scoring import MILLION, RULES, penalty_features, rounded_features, score_parts, total_parts

RULE = Rule("b2b", "b2b-test", {"words": 0.75, "topics": 0.25}, evaluate=lambda pairs: Evaluation({}, {}))


PAIRS = SimpleNamespace(candidates=np.array([3, 5, 8]))


FEATURES = {"words": np.array([1.0, 0.5, 0.0]), "topics": np.array([0.0, 1.0, 0.5])}


values = st.lists(st.floats(0, 1, allow_nan=False), min_size=1, max_size=5)


def test_each_mode_has_the_rule_of_its_name():
    assert {mode: rule.mode for mode, rule in RULES.items()} == {"b2b": "b2b", "r2b": "r2b", "f2b": "f2b"}


def test_features_are_rounded_to_the_millionth_and_those_without_a_weight_left_out():
    evaluation = Evaluation({"words": np.array([1 / 3]), "topics": np.array([2 / 3]), "extra": np.array([1.0])}, {})
    rounded = rounded_features(RULE, evaluation)
    assert {name: value.tolist() for name, value in rounded.items()} == {"words": [0.333333], "topics": [0.666667]}


def test_the_parts_of_a_score_are_weight_times_feature_in_millionths():
    parts = score_parts(RULE.weights, FEATURES)
    assert {name: part.tolist() for name, part in parts.items()} == {
        "words": [750_000, 375_000, 0],
        "topics": [0, 250_000, 125_000],
    }
    assert total_parts(parts).tolist() == [750_000, 625_000, 125_000]


@given(values)
def test_a_stored_feature_gives_the_part_it_gave_when_it_was_measured(measured: list[float]):
    features = rounded_features(RULE, Evaluation({"words": np.array(measured), "topics": np.array(measured)}, {}))
    stored = {name: np.array([float(f"{value:.6f}") for value in column]) for name, column in features.items()}
    for name, part in score_parts(RULE.weights, features).items():
        assert part.tolist() == score_parts(RULE.weights, stored)[name].tolist()
        assert (part >= 0).all()
        assert (part <= RULE.weights[name] * MILLION).all()


def test_without_penalized_partners_there_are_no_penalties():
    assert penalty_features(RULE, PAIRS, {}, FEATURES) == {}
    held = Interaction("a", "b", outcomes=("agreement",))
    assert penalty_features(RULE, PAIRS, {5: held}, FEATURES) == {}


def test_a_penalty_is_the_score_of_the_partners_it_applies_to_and_zero_for_others():
    introduced, declined = Interaction("a", "b", arranged=True), Interaction("a", "c", declined="not-now")
    penalties = penalty_features(RULE, PAIRS, {5: introduced, 8: declined}, FEATURES)
    assert {name: value.tolist() for name, value in penalties.items()} == {
        "met_before": [0.0, 0.625, 0.0],
        "put_off": [0.0, 0.0, 0.125],
    }


@pytest.mark.parametrize("outsider", [4, 9])
def test_a_partner_that_is_no_candidate_penalizes_nobody(outsider: int):
    penalties = penalty_features(RULE, PAIRS, {outsider: Interaction("a", "b", arranged=True)}, FEATURES)
    assert not any(value.any() for value in penalties.values())


def test_parts_are_whole_millionths_and_add_up_exactly() -> None:
    parts = score_parts({"a": 0.1, "b": 0.2}, {"a": np.array([1.0, 0.3333333]), "b": np.array([1.0, 0.0])})
    assert parts["a"].tolist() == [100_000, 33_333]
    assert (total_parts(parts) / MILLION).tolist() == [0.3, 0.033333]
