"""Measures of a ranked list against the actual partners, and bootstrap intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.matching.ranking.arrays import Bools, Floats, Ints

DISCOUNT: Floats = 1.0 / np.log2(np.arange(2, 12))
NAMES = ("hit@10", "recall@50", "mrr", "ndcg@10", "sme_share@10")


def measure(order: Ints, truth: Ints, small: Bools) -> Floats:
    """NAMES of a list: `order` of candidates, best first; `truth`, the candidates that joined; `small`, by candidate."""
    right = np.isin(order, truth)
    hits = np.flatnonzero(right)
    gain = float(DISCOUNT[: len(order)][right[:10]].sum()) if len(order) >= 10 else float(DISCOUNT[: len(order)][right].sum())
    return np.array(
        [
            float(right[:10].any()),
            right[:50].sum() / len(truth),
            1.0 / (hits[0] + 1) if len(hits) else 0.0,
            gain / DISCOUNT[: len(truth)].sum(),
            small[order[:10]].mean() if len(order) else 0.0,
        ]
    )


@dataclass(frozen=True)
class Interval:
    """A value with the bounds of its 95 % interval."""

    value: float
    low: float
    high: float


def compare(values: Sequence[float], baseline: Sequence[float], times: int = 10_000) -> tuple[Interval, Interval]:
    """Difference and ratio of two means over the same queries, by paired bootstrap (percentiles, fixed seed)."""
    pairs = np.stack([np.asarray(values), np.asarray(baseline)], axis=1)
    draw = np.random.default_rng(0)
    means = np.array([pairs[draw.integers(0, len(pairs), len(pairs))].mean(axis=0) for _ in range(times)])
    mean, baseline_mean = pairs.mean(axis=0)
    difference, ratio = means[:, 0] - means[:, 1], means[:, 0] / np.maximum(means[:, 1], 1e-12)
    return (
        Interval(float(mean - baseline_mean), *np.percentile(difference, (2.5, 97.5)).tolist()),
        Interval(float(mean / max(baseline_mean, 1e-12)), *np.percentile(ratio, (2.5, 97.5)).tolist()),
    )
