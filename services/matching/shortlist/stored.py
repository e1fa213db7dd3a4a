"""Shortlists as they are stored: a read model, rebuilt at any time.

One document a member: `{_id: member, lists: {mode: [suggestion]}, rules, pass, computed}`. Written as plain documents, since a
full rebuild of 100,000 members writes four million suggestions; read as typed values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import AliasChoices, Field

from services.matching.ranking import Passage, Suggestion
from shared.chassis.documents import parse
from shared.chassis.mongo import ASCENDING, Document, Index
from shared.contracts.matching import Mode

SHORTLISTS = "shortlists"
REBUILDS = "passes"
"""The full rebuild whose lists are read, and one under way, with `made` None."""
SNAPSHOTS = "frozen"
"""The snapshot of a full rebuild, in parts."""
INDEXES: dict[str, list[Index]] = {
    SHORTLISTS: [],
    REBUILDS: [],
    SNAPSHOTS: [([("pass", ASCENDING), ("part", ASCENDING)], {})],
}


@dataclass(frozen=True)
class StoredText:
    """A text in both languages. It may be empty."""

    it: str
    en: str

    def in_(self, language: str) -> str:
        """Give the text in a language."""
        return self.en if language == "en" else self.it


@dataclass(frozen=True)
class StoredSuggestion:
    """A suggestion with its whole evidence. Texts are stored as `why`, `why_not` and `raise`."""

    partner: str
    score: float
    rule: str
    contributions: dict[str, float]
    passages: tuple[Passage, ...]
    features: dict[str, float]
    reasons: Annotated[StoredText, Field(validation_alias=AliasChoices("why", "reasons"))]
    shortcomings: Annotated[StoredText, Field(validation_alias=AliasChoices("why_not", "shortcomings"))]
    advice: Annotated[StoredText, Field(validation_alias=AliasChoices("raise", "advice"))]


@dataclass(frozen=True)
class Shortlist:
    """A member's suggestions by mode, best first; `computed` is None where it was not ranked yet."""

    lists: dict[Mode, tuple[StoredSuggestion, ...]]
    computed: datetime | None


def read_shortlist(document: Document) -> Shortlist:
    """Parse a shortlist document."""
    return parse(Shortlist, document)


def shortlist_document(
    member: str, lists: Mapping[Mode, Sequence[Suggestion]], rules: Mapping[str, str], computed: datetime
) -> Document:
    """Write a member's shortlist, with the versions of the rules that made it."""
    documents = {mode: [suggestion_document(suggestion) for suggestion in suggestions] for mode, suggestions in lists.items()}
    return {"_id": member, "lists": documents, "rules": {mode: rules[mode] for mode in lists}, "computed": computed}


def suggestion_document(suggestion: Suggestion) -> Document:
    """Write a suggestion."""
    return {
        "partner": suggestion.partner,
        "score": suggestion.score,
        "rule": suggestion.rule,
        "contributions": suggestion.contributions,
        "passages": [vars(passage) for passage in suggestion.passages],
        "why": suggestion.reasons._asdict(),
        "features": suggestion.features,
        "why_not": suggestion.shortcomings._asdict(),
        "raise": suggestion.advice._asdict(),
    }
