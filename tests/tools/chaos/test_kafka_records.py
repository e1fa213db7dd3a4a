"""Copies of records: a sample in its order, or a run of neighbours in any."""

import random
from typing import Any, cast

import pytest

from tools.chaos.kafka_records import MOST_COPIES, _run, _sample


def records(count: int) -> Any:
    return cast(Any, list(range(count)))


@pytest.mark.parametrize(("count", "copied"), [(0, 0), (1, 1), (10, 5), (11, 6), (1000, MOST_COPIES)])
def test_a_sample_is_half_at_most_and_in_order(count: int, copied: int) -> None:
    sample: Any = _sample(records(count), random.Random(1))
    assert len(set(sample)) == copied
    assert sample == sorted(sample)


@pytest.mark.parametrize("count", [0, 1, MOST_COPIES, MOST_COPIES + 1, 1000])
def test_a_run_is_of_neighbours(count: int) -> None:
    for seed in range(20):
        run: Any = _run(records(count), random.Random(seed))
        assert len(run) == min(count, MOST_COPIES)
        assert sorted(run) == list(range(min(run, default=0), min(run, default=0) + len(run)))
