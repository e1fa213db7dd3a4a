"""Shortlists as they are stored, and what a member saw of one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.matching.ranking import Suggestion
from shared.chassis.mongo import Document
from shared.contracts.matching import Mode


def list_document(
    member: str, lists: Mapping[Mode, Sequence[Suggestion]], rules: Mapping[str, str], computed: datetime
) -> Document:
    """Write a member's shortlist down, with the versions of the rules that made it."""
    shown = {mode: [suggestion_document(item) for item in items] for mode, items in lists.items()}
    return {"_id": member, "lists": shown, "rules": {mode: rules[mode] for mode in lists}, "computed": computed}


def suggestion_document(suggestion: Suggestion) -> dict[str, Any]:
    """Write a suggestion down, with its whole evidence."""
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
