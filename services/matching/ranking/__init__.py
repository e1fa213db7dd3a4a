"""Ranking of partners, a pure library: no I/O, no clock. What ranks loads numpy and scikit-learn when first asked for."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from services.matching.ranking.corpus.profile import Member, Offering, Round, Seeking, Ticket, member_from_view, sees
from services.matching.ranking.rules.modes import modes_of
from services.matching.ranking.suggestion import Passage, Suggestion, total

if TYPE_CHECKING:
    from services.matching.ranking.corpus.collaborations import Work
    from services.matching.ranking.rules.diversity import Exposure
    from services.matching.ranking.rules.past_interactions import Dealing
    from services.matching.ranking.rules.weights import Weights
    from services.matching.ranking.shortlist_index import Index
    from services.matching.ranking.text_search import Answer, Answers, Query

LATE = {
    "Answer": "text_search",
    "Answers": "text_search",
    "Dealing": "rules.past_interactions",
    "Query": "text_search",
    "Exposure": "rules.diversity",
    "Index": "shortlist_index",
    "Weights": "rules.weights",
    "Work": "corpus.collaborations",
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
