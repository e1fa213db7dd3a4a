"""Supply chains: which divisions of ATECO supply which, in the trades of the districts.

Set by hand from what the divisions make: what is usual, not what a given firm does. ATECO 2007 and 2025 have the same
numbers for these divisions.
"""

from collections.abc import Iterable, Mapping

import numpy as np

from services.matching.ranking.arrays import Bools

DIVISIONS = 100
# A division, and those that buy from it.
BUYERS = """
01: 10 11 12 13; 02: 16 17 31; 03: 10; 08: 23 41 42 43; 10: 47 56; 13: 14 15 29 31; 15: 14 47; 16: 31 41 43 30; 17: 18 10 47;
20: 13 15 17 21 22 23; 21: 86; 22: 15 27 28 29 30 31 32; 23: 41 43 31 30; 24: 25 27 28 29 30; 25: 15 24 26 27 28 29 30 31 32 41;
26: 27 28 29 30 32 35 61 86; 27: 26 28 29 30 31 35 41 43; 28: 01 08 10 13 14 15 17 20 21 22 23 24 25 29 30 31 32 36 38;
29: 49 45; 30: 49 50 51 52; 31: 47 55 41 30; 32: 86 47 14; 33: 17 24 25 28 29 30 35 50; 35: 17 20 23 24; 36: 13 15 17 20;
38: 17 20 22 23 24; 43: 41 68; 49: 10 14 15 23 29 31; 52: 49 50 46; 61: 62 63; 62: 14 15 21 25 26 28 29 30 35 49 52 64 86;
63: 62 47 55 79; 71: 25 26 28 29 30 35 41 42; 72: 20 21 26 28 29 30; 74: 13 14 15 23 31 32; 80: 52 47
"""
CUSTOMERS: Mapping[int, tuple[int, ...]] = {
    int(division): tuple(int(buyer) for buyer in buyers.split())
    for division, buyers in (entry.split(":") for entry in BUYERS.split(";"))
}


def divisions(codes: Iterable[str]) -> frozenset[int]:
    """Give the divisions of classes such as 25.62; anything else is skipped."""
    return frozenset(int(code[:2]) for code in codes if code[:2].isdigit())


def linked_divisions(own: Iterable[int]) -> Bools:
    """Mark the divisions that usually buy from one of these or sell to one."""
    marks = np.zeros(DIVISIONS, dtype=np.bool_)
    own_divisions = set(own)
    for seller, buyers in CUSTOMERS.items():
        if seller in own_divisions:
            marks[list(buyers)] = True
        if own_divisions.intersection(buyers):
            marks[seller] = True
    return marks
