"""How many examples a property gets: few in every run of the suite, many with `--hypothesis-profile long`."""

from collections.abc import Callable
from typing import Any

from hypothesis import Phase, settings

LONG = 1000
"""A profile with at least so many examples is a long one."""


def examples(usual: int, extended: int) -> Callable[[Any], Any]:
    """Bound a property: `usual` examples as a rule, `extended` in a long run."""
    long = settings.default.max_examples >= LONG
    return settings(max_examples=extended if long else usual, phases=[Phase.explicit, Phase.generate, Phase.shrink])
