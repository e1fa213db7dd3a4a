"""Which kinds of members may meet in which mode."""

from itertools import product
from typing import get_args

import pytest

from shared.contracts.matching import Mode
from shared.contracts.modes import SIDES, modes_among, modes_between
from shared.contracts.registry import Kind

KINDS = get_args(Kind)
FIRMS = ("innovative-startup", "sme", "large-firm")


@pytest.mark.parametrize(("a", "b"), list(product(KINDS, KINDS)))
def test_modes_of_two_kinds(a: Kind, b: Kind) -> None:
    firms = (a in FIRMS) + (b in FIRMS)
    expected = {
        2: ("b2b",),
        1: ("r2b",) if "research-organisation" in (a, b) else ("f2b",),
        0: (),
    }[firms]
    assert modes_between(a, b) == modes_between(b, a) == expected


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (("sme", "large-firm", "innovative-startup"), ("b2b",)),
        (("sme", "research-organisation", "sme"), ("r2b",)),
        (("financial-operator", "financial-operator", "innovative-startup"), ("f2b",)),
        (("research-organisation", "research-organisation", "research-organisation"), ()),
        (("sme", "research-organisation", "financial-operator"), ()),
    ],
)
def test_in_a_group_each_is_on_a_side_and_no_side_is_empty(kinds: tuple[Kind, ...], expected: tuple[Mode, ...]) -> None:
    assert modes_among(kinds) == expected


def test_every_mode_has_its_sides() -> None:
    assert set(SIDES) == set(get_args(Mode))
