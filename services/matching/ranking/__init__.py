"""Ranking of partners, a pure library: no I/O, no clock. What ranks loads numpy and scikit-learn when first asked for."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from services.matching.ranking.modes import modes_of
from services.matching.ranking.profile import Member, Offering, Round, Seeking, Ticket, member_from_view, sees
from services.matching.ranking.suggestion import Passage, Suggestion, total

if TYPE_CHECKING:
    from services.matching.ranking.acquaintance import Dealing
    from services.matching.ranking.answer import Answer, Answers, Query
    from services.matching.ranking.exposure import Exposure
    from services.matching.ranking.index import Index
    from services.matching.ranking.weights import Weights
    from services.matching.ranking.works import Work

LATE = {
    "Answer": "answer",
    "Answers": "answer",
    "Dealing": "acquaintance",
    "Query": "answer",
    "Exposure": "exposure",
    "Index": "index",
    "Weights": "weights",
    "Work": "works",
}

__all__ = [
    "Answer",
    "Answers",
    "Dealing",
    "Exposure",
    "Index",
    "Member",
    "Offering",
    "Passage",
    "Query",
    "Round",
    "Seeking",
    "Suggestion",
    "Ticket",
    "Weights",
    "Work",
    "member_from_view",
    "modes_of",
    "sees",
    "total",
]


def __getattr__(name: str) -> Any:
    """Import what ranks only for who ranks: a service process that does not, stays small."""
    if name in LATE:
        return getattr(import_module(f"services.matching.ranking.{LATE[name]}"), name)
    raise AttributeError(name)
