"""Which divisions of ATECO supply which."""

import numpy as np

from services.matching.ranking.rules.supply_chains import divisions, linked_divisions


def test_the_division_of_a_class_is_its_first_two_digits() -> None:
    assert divisions(["25.62", "25", "62.01.00", "x"]) == {25, 62}


def test_buyers_and_sellers_are_linked_in_both_directions() -> None:
    assert linked_divisions([25])[30]
    assert linked_divisions([30])[25]
    assert not np.any(linked_divisions([99]))
