"""How many examples a property gets: few in every run of the suite, many with `--hypothesis-profile long`."""

from collections.abc import Callable
from typing import Any

from hypothesis import Phase, settings

LONG = 1000
"""A profile with at least so many examples is a long one."""


def examples(few: int, many: int) -> Callable[[Any], Any]:
    """Bound a property: `few` examples as a rule, `many` in a long run."""
    long = settings.default.max_examples >= LONG
    return settings(max_examples=many if long else few, phases=[Phase.explicit, Phase.generate, Phase.shrink])
