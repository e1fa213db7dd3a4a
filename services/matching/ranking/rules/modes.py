"""Which modes of matching are possible between two kinds of member."""

from shared.contracts.matching import Mode
from shared.contracts.registry import Kind

FIRMS: frozenset[Kind] = frozenset({"innovative-startup", "sme", "large-firm"})


def side_of(kind: Kind) -> str:
    """Give the side of a kind: all firms are one."""
    return "firm" if kind in FIRMS else kind


def modes_of(a: Kind, b: Kind) -> tuple[Mode, ...]:
    """List the modes possible between two kinds, in either order; none where there is no rule."""
    kinds = {a, b}
    if kinds <= FIRMS:
        return ("b2b",)
    if not kinds & FIRMS:
        return ()
    return ("r2b",) if "research-organisation" in kinds else ("f2b",)
