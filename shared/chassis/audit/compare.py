"""Differences that the audit reports, and the equality of documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from shared.contracts.base import milliseconds_of


@dataclass(frozen=True)
class Difference:
    """A difference between stored data and its events: where, in which document, and which."""

    service: str
    kind: Literal["aggregate", "projection", "claim", "topic"]
    place: str
    id: str
    detail: str


def canonical(value: Any) -> Any:
    """The form in which documents are compared: lists for tuples, milliseconds for times."""
    if isinstance(value, Mapping):
        return {key: canonical(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [canonical(item) for item in value]
    if isinstance(value, datetime):
        return milliseconds_of(value)
    return value


def first_difference(stored: Any, folded: Any, path: str = "") -> str | None:
    """The first difference of two canonical values; None where they are equal."""
    if isinstance(stored, dict) and isinstance(folded, dict):
        for key in sorted(stored.keys() | folded.keys(), key=str):
            if key not in stored or key not in folded:
                return f"{path}{key} is only in what is {'folded' if key in folded else 'stored'}"
            if (inner := first_difference(stored[key], folded[key], f"{path}{key}.")) is not None:
                return inner
        return None
    if stored == folded:
        return None
    return f"{path.rstrip('.') or 'document'}: stored {str(stored)[:80]!r}, folded {str(folded)[:80]!r}"
