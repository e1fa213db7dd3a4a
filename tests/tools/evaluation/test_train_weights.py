"""Weights are learned from past projects."""

from tools.evaluation.cordis_history import read_collaborations
from tools.evaluation.train_weights import learn, lessons


def test_learning_prefers_text_in_a_world_of_text_and_gives_the_same_weights_again(world):
    data = read_collaborations(world, lambda skipped: None)
    names, taught = lessons(data, "2026-01-01", lambda: None)
    weights = learn(names, taught, "test")
    assert weights.values["text"] + weights.values["words"] + weights.values["titles"] > 0
    assert all(value >= 0 for name, value in weights.values.items() if name not in ("active", "listed"))
    assert learn(names, taught, "test") == weights
    assert weights.version.startswith("partners-1.")
