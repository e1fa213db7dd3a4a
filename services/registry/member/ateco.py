"""Classes of economic activity: ATECO as ISTAT publishes it, of 2025, of 2007, and the 2022 update of that.

`ateco.txt` has the six digits of all three: ISTAT, Classificazione ATECO, https://www.istat.it/classificazione/documenti-ateco/,
CC BY 4.0. What is coarser is the beginning of these: a division (25), a group (25.6), a class (25.62), a category (25.62.0).
"""

from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("ateco.txt")
LENGTHS = (2, 4, 5, 7, 8)
"""Characters of a division, a group, a class, a category and a subcategory."""


def is_activity(code: str) -> bool:
    """Whether a code, with its dots, is of one of the editions."""
    return code in _codes()


@cache
def _codes() -> frozenset[str]:
    return frozenset(code[:length] for code in TABLE.read_text().split() for length in LENGTHS)
