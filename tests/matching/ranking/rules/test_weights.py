"""The weights of a learned rule."""

import json

import numpy as np
import pytest

from services.matching.ranking import TextQuery, TextSearch
from services.matching.ranking.rules.weights import PARTNERS, read_weights
from tests.matching.ranking.factories import firm


def test_a_score_is_the_sum_of_weight_times_feature():
    weights = read_weights(json.dumps({"version": "v", "made": "by hand", "weights": {"words": 2.0, "place": -0.5}}))
    scores = weights.score({"words": np.array([1.0, 0.0, 0.5]), "place": np.array([0.0, 1.0, 1.0]), "other": np.ones(3)})
    assert scores.tolist() == [2.0, -0.5, 0.5]
    assert (weights.version, weights.made) == ("v", "by hand")


@pytest.mark.parametrize("missing", ["version", "weights", "made"])
def test_a_file_without_one_of_its_parts_is_refused(missing: str):
    content = {"version": "v", "made": "by hand", "weights": {}}
    del content[missing]
    with pytest.raises(KeyError, match=missing):
        read_weights(json.dumps(content))


def test_the_learned_weights_are_of_features_that_the_search_measures():
    features = TextSearch([firm("a")]).features(TextQuery("laser", "en"))
    assert PARTNERS.values.keys() <= features.keys()
