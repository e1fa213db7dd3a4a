"""Ranking of partners, a pure library: no I/O, no clock. Names that need numpy are imported when first used."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from services.matching.ranking.corpus.profile import Member, Need, Offer, Round, Ticket, can_see
from services.matching.ranking.suggestion import LIST_LENGTH, Passage, Suggestion, total

if TYPE_CHECKING:
    from services.matching.ranking.corpus.collaborations import Collaboration
    from services.matching.ranking.rules.diversity import Exposure
    from services.matching.ranking.rules.past_interactions import Interaction
    from services.matching.ranking.rules.weights import Weights
    from services.matching.ranking.shortlist_index import ShortlistIndex
    from services.matching.ranking.text_search import SearchHit, TextQuery, TextSearch

LAZY = {
    "Collaboration": "corpus.collaborations",
    "Exposure": "rules.diversity",
    "Interaction": "rules.past_interactions",
    "SearchHit": "text_search",
    "ShortlistIndex": "shortlist_index",
    "TextQuery": "text_search",
    "TextSearch": "text_search",
    "Weights": "rules.weights",
}

__all__ = [
    "LIST_LENGTH",
    "Collaboration",
    "Exposure",
    "Interaction",
    "Member",
    "Need",
    "Offer",
    "Passage",
    "Round",
    "SearchHit",
    "ShortlistIndex",
    "Suggestion",
    "TextQuery",
    "TextSearch",
    "Ticket",
    "Weights",
    "can_see",
    "total",
]


def __getattr__(name: str) -> Any:
    """Import the ranking only for processes that rank: a service process without numpy stays small."""
    if name in LAZY:
        return getattr(import_module(f"services.matching.ranking.{LAZY[name]}"), name)
    raise AttributeError(name)
