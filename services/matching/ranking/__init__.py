"""Ranking of partners, a pure library: no I/O, no clock. `Index` loads numpy and scikit-learn when first asked for."""

from typing import TYPE_CHECKING, Any

from services.matching.ranking.modes import modes_of
from services.matching.ranking.profile import Member, Offering, Round, Seeking, Ticket, member_from_view, sees
from services.matching.ranking.suggestion import Passage, Suggestion, total

if TYPE_CHECKING:
    from services.matching.ranking.index import Index

__all__ = [
    "Index",
    "Member",
    "Offering",
    "Passage",
    "Round",
    "Seeking",
    "Suggestion",
    "Ticket",
    "member_from_view",
    "modes_of",
    "sees",
    "total",
]


def __getattr__(name: str) -> Any:
    """Import the index only for who ranks: a service process that does not, stays small."""
    if name == "Index":
        from services.matching.ranking.index import Index

        return Index
    raise AttributeError(name)
