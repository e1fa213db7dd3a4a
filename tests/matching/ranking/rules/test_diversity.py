"""Places among the first for small firms."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching.ranking.rules.diversity import Exposure, promote_small_firms


def promoted(order: str, small: str, exposure: Exposure) -> str:
    """Promote in an order written as letters."""
    marks = np.array([chr(letter) in small for letter in range(128)])
    return "".join(map(chr, promote_small_firms(np.array([ord(letter) for letter in order], dtype=np.int64), marks, exposure)))


@pytest.mark.parametrize(
    ("order", "small", "exposure", "expected"),
    [
        ("abcde", "e", Exposure(1, 3), "abecd"),
        ("abcde", "be", Exposure(1, 3), "abcde"),
        ("abcde", "", Exposure(1, 3), "abcde"),
        ("abcde", "de", Exposure(1, 3), "abdce"),
        ("abcde", "de", Exposure(2, 3), "adebc"),
        ("abcde", "ce", Exposure(2, 3), "acebd"),
        ("abcde", "e", Exposure(0, 3), "abcde"),
        ("ab", "b", Exposure(1, 3), "ab"),
        ("", "b", Exposure(1, 3), ""),
    ],
)
def test_the_best_small_firms_take_the_last_of_the_first_places(order, small, exposure, expected):
    assert promoted(order, small, exposure) == expected


@settings(max_examples=50)
@given(st.permutations("abcdefgh"), st.sets(st.sampled_from("abcdefgh")), st.integers(0, 4), st.integers(4, 6))
def test_nobody_is_lost_and_the_first_places_hold_enough_small_firms(order, small, minimum, first):
    result = promoted("".join(order), "".join(small), Exposure(minimum, first))
    assert sorted(result) == sorted(order)
    assert len(small & set(result[:first])) >= min(minimum, len(small))
    large = [letter for letter in order if letter not in small]
    assert [letter for letter in result if letter not in small] == large, "large firms keep their order"


ORDER = np.arange(6)


def test_the_best_small_firm_moves_up_into_the_last_of_the_first_places() -> None:
    small = np.array([False, False, False, False, True, True])
    assert promote_small_firms(ORDER, small, Exposure(small=1, of=3)).tolist() == [0, 1, 4, 2, 3, 5]


def test_an_order_with_enough_small_firms_or_none_stays_as_it_is() -> None:
    for small in (np.array([True] + [False] * 5), np.zeros(6, dtype=np.bool_)):
        assert promote_small_firms(ORDER, small, Exposure(small=1, of=3)).tolist() == ORDER.tolist()
