"""The side that a kind of member is on."""

from shared.contracts.modes import FIRMS
from shared.contracts.registry import Kind


def side_of(kind: Kind) -> str:
    """Give the side of a kind: all firms are one."""
    return "firm" if kind in FIRMS else kind
