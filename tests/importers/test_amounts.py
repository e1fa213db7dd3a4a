"""Amounts of money as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distretti.importers.amounts import NotAnAmount, parse_amount


@given(st.integers(min_value=0, max_value=10**11), st.sampled_from([".", ",", "'", " ", ""]))
def test_whole_euros_are_read_however_thousands_are_marked(euros: int, mark: str) -> None:
    assert parse_amount(f"{euros:,}".replace(",", mark) + "EUR") == euros


@pytest.mark.parametrize(
    ("text", "euros"),
    [("1.250.000USD", 1150000), ("€ 1,5 mln", 1500000), ("750k", 750000), ("1.5M EUR", 1500000), ("$ 100.00", 92)],
)
def test_amounts_as_people_type_them(text: str, euros: int) -> None:
    assert parse_amount(text) == euros


@pytest.mark.parametrize("text", ["", "Unknown", "about 3", "12 CHF", "EUR 3 USD", "1.23.4", "1..000", "3 zillions"])
def test_what_is_not_an_amount_is_refused(text: str) -> None:
    with pytest.raises(NotAnAmount):
        parse_amount(text)
