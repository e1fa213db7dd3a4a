"""Places among the first for small firms."""

import numpy as np

from services.matching.ranking.rules.diversity import Exposure, promote_small_firms

ORDER = np.arange(6)


def test_the_best_small_firm_moves_up_into_the_last_of_the_first_places() -> None:
    small = np.array([False, False, False, False, True, True])
    assert promote_small_firms(ORDER, small, Exposure(small=1, of=3)).tolist() == [0, 1, 4, 2, 3, 5]


def test_an_order_with_enough_small_firms_or_none_stays_as_it_is() -> None:
    for small in (np.array([True] + [False] * 5), np.zeros(6, dtype=np.bool_)):
        assert promote_small_firms(ORDER, small, Exposure(small=1, of=3)).tolist() == ORDER.tolist()
