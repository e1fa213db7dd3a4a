"""What the modes of a meeting mean: which kinds of members meet in each.

Part of the published language, beside `Mode` and `Kind`: who finds partners, who arranges meetings and who reads the events
of both must mean the same by `f2b`.
"""

from collections.abc import Collection
from functools import cache
from types import MappingProxyType
from typing import Final

from shared.contracts.matching import Mode
from shared.contracts.registry import Kind

FIRMS: Final[frozenset[Kind]] = frozenset({"innovative-startup", "sme", "large-firm"})
SIDES: Final = MappingProxyType[Mode, tuple[frozenset[Kind], frozenset[Kind]]](
    {
        "b2b": (FIRMS, FIRMS),
        "r2b": (frozenset({"research-organisation"}), FIRMS),
        "f2b": (frozenset({"financial-operator"}), FIRMS),
    }
)
"""The kinds on the two sides of each mode."""


def modes_among(kinds: Collection[Kind]) -> tuple[Mode, ...]:
    """List the modes in which members of these kinds may meet: each is on a side, and no side is empty."""
    return tuple(
        mode
        for mode, (first, second) in SIDES.items()
        if first | second >= set(kinds) and not first.isdisjoint(kinds) and not second.isdisjoint(kinds)
    )


@cache
def modes_between(a: Kind, b: Kind) -> tuple[Mode, ...]:
    """List the modes possible between two kinds, in either order."""
    return modes_among((a, b))
