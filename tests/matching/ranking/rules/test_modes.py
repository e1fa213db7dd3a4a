"""Which modes two kinds share, and that a process which does not rank stays small."""

import subprocess
import sys
from itertools import product

import pytest

from services.matching.ranking import ShortlistIndex, modes_of
from tests.matching.ranking.factories import KINDS

FIRMS = ("innovative-startup", "sme", "large-firm")


@pytest.mark.parametrize(("a", "b"), list(product(KINDS, KINDS)))
def test_modes_by_kind(a, b):
    firms = (a in FIRMS) + (b in FIRMS)
    expected = {
        2: ("b2b",),
        1: ("r2b",) if "research-organisation" in (a, b) else ("f2b",),
        0: (),
    }[firms]
    assert modes_of(a, b) == modes_of(b, a) == expected


def test_the_package_does_not_load_the_heavy_libraries_until_asked_for_the_index():
    script = "import sys, services.matching.ranking; print(*{'numpy', 'scipy', 'sklearn', 'snowballstemmer'} & sys.modules.keys())"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert answer.stdout.strip() == ""
    assert ShortlistIndex.__module__ in sys.modules


def test_an_unknown_name_is_still_an_error():
    from services.matching import ranking

    with pytest.raises(AttributeError):
        _ = ranking.Rank
