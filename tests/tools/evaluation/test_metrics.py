"""Measures of ranked lists, by hand."""

import numpy as np
import pytest

from tools.evaluation.metrics import compare, measure


def test_measures_by_hand():
    order, truth, small = np.arange(20), np.array([1, 15]), np.arange(20) == 2
    hit, recall, mrr, ndcg, share = measure(order, truth, small)
    assert (hit, recall, mrr, share) == (1.0, 1.0, 0.5, 0.1)
    assert ndcg == pytest.approx((1 / np.log2(3)) / (1 + 1 / np.log2(3)))
    empty = measure(order[:0], truth, small)
    assert empty.tolist() == [0, 0, 0, 0, 0]


def test_an_interval_is_paired_and_the_same_again():
    baseline = np.linspace(0, 1, 50)
    difference, ratio = compare((baseline + 0.1).tolist(), baseline.tolist())
    assert difference.value == pytest.approx(0.1)
    assert (difference.low, difference.high) == pytest.approx((0.1, 0.1))
    assert ratio.low < ratio.value < ratio.high
    assert compare(baseline.tolist(), baseline.tolist()) == compare(baseline.tolist(), baseline.tolist())
