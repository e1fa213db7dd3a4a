"""The arithmetic of a score."""

import numpy as np

from services.matching.ranking.scoring import MILLION, score_parts, total_parts


def test_parts_are_whole_millionths_and_add_up_exactly() -> None:
    parts = score_parts({"a": 0.1, "b": 0.2}, {"a": np.array([1.0, 0.3333333]), "b": np.array([1.0, 0.0])})
    assert parts["a"].tolist() == [100_000, 33_333]
    assert (total_parts(parts) / MILLION).tolist() == [0.3, 0.033333]
