"""The total of a suggestion's contributions."""

import random

from hypothesis import given
from hypothesis import strategies as st

from services.matching.ranking import total

millionths = st.integers(-1_000_000, 1_000_000)


def test_contributions_that_floats_cannot_add_exactly_are_added_exactly():
    assert 0.1 + 0.1 + 0.1 != 0.3
    assert total({"a": 0.1, "b": 0.1, "c": 0.1}) == 0.3


def test_the_total_of_nothing_is_zero():
    assert total({}) == 0.0


@given(st.lists(millionths, max_size=12), st.randoms())
def test_the_total_is_exact_to_the_millionth_in_any_order(parts: list[int], shuffler: random.Random):
    contributions = [(f"feature-{number}", part / 1_000_000) for number, part in enumerate(parts)]
    shuffler.shuffle(contributions)
    assert total(dict(contributions)) == sum(parts) / 1_000_000
