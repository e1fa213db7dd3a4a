"""The Italian-English table."""

from itertools import pairwise

import pytest

from services.matching.ranking.text.glossary import ENGLISH_VARIANTS, ITALIAN_ENGLISH, pairs
from services.matching.ranking.text.vectorizer import LONGEST_TERM, WORD


def test_entries_may_be_broken_over_lines_anywhere():
    assert pairs("\nfibra\nottica: optical\n  fibre; cave:\nquarry\n") == [("fibra ottica", "optical fibre"), ("cave", "quarry")]


def test_an_entry_without_a_meaning_is_an_error():
    with pytest.raises(ValueError, match="unpack"):
        pairs("acciaio: steel; marmo")


@pytest.mark.parametrize("table", [ITALIAN_ENGLISH, ENGLISH_VARIANTS])
def test_every_entry_is_a_term_short_enough_to_be_recognised_and_a_meaning(table: str):
    for term, meaning in pairs(table):
        assert 1 <= len(WORD.findall(term)) <= LONGEST_TERM, term
        assert WORD.findall(meaning), term
        assert (term, meaning) == (term.strip().casefold(), meaning.strip()), term


def test_no_entry_ends_a_table_with_a_separator():
    """A trailing `;` would join two tables by an empty entry."""
    assert all(first and second for first, second in pairwise(entry.strip() for entry in ITALIAN_ENGLISH.split(";")))
