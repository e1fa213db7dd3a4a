"""Which trades supply which."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.matching.ranking.rules.supply_chains import CUSTOMERS, DIVISIONS, divisions, linked_divisions

numbers = st.integers(0, DIVISIONS - 1)


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["25.62", "25.62.00", "30.12"], {25, 30}),
        (["01"], {1}),
        (["C25", "", "x"], set()),
        ([], set()),
    ],
)
def test_the_first_two_digits_are_the_division(codes: list[str], expected: set[int]):
    assert divisions(codes) == expected


def test_a_division_is_linked_to_its_buyers_and_to_its_suppliers():
    assert np.flatnonzero(linked_divisions([2])).tolist() == [16, 17, 31]
    assert set(np.flatnonzero(linked_divisions([86])).tolist()) == {21, 26, 32, 62}


def test_a_division_without_known_trade_is_linked_to_none():
    assert not linked_divisions([99]).any()
    assert not linked_divisions([]).any()


@settings(max_examples=30)
@given(numbers, numbers)
def test_links_are_mutual(first: int, second: int):
    assert linked_divisions([first])[second] == linked_divisions([second])[first]


@settings(max_examples=30)
@given(st.sets(numbers))
def test_the_links_of_several_divisions_are_those_of_each(own: set[int]):
    links = [linked_divisions([division]) for division in own]
    assert (linked_divisions(own) == np.logical_or.reduce([np.zeros(DIVISIONS, dtype=np.bool_), *links])).all()


def test_no_division_buys_from_itself():
    assert all(seller not in buyers for seller, buyers in CUSTOMERS.items())


def test_the_division_of_a_class_is_its_first_two_digits() -> None:
    assert divisions(["25.62", "25", "62.01.00", "x"]) == {25, 62}


def test_buyers_and_sellers_are_linked_in_both_directions() -> None:
    assert linked_divisions([25])[30]
    assert linked_divisions([30])[25]
    assert not np.any(linked_divisions([99]))
