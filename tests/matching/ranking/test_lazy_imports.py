"""A process which does not rank stays small."""

import subprocess
import sys

import pytest

from services.matching.ranking import ShortlistIndex


def test_the_package_does_not_load_the_heavy_libraries_until_asked_for_the_index():
    script = "import sys, services.matching.ranking; print(*{'numpy', 'scipy', 'sklearn', 'snowballstemmer'} & sys.modules.keys())"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert answer.stdout.strip() == ""
    assert ShortlistIndex.__module__ in sys.modules


def test_an_unknown_name_is_still_an_error():
    from services.matching import ranking

    with pytest.raises(AttributeError):
        _ = ranking.Rank
