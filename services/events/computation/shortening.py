"""Names and reasons of an agenda, shortened to what an event takes."""

import unicodedata
from collections.abc import Mapping

from shared.contracts.base import LocalizedText

LONGEST_NAME = 80
"""Characters of a name inside a reason: it names four people at most, and keeps within its length."""
LONGEST_REASON = 500
ELLIPSIS, WRITTEN_OUT = "…", len("...")
"""NFKC writes it as three full stops."""


def name_of(names: Mapping[str, str], member: str) -> str:
    """Name a member, by its id where its name is not known."""
    return shorten(names.get(member, member))


def shorten(text: str, longest: int = LONGEST_NAME) -> str:
    """Cut a text to so many characters, as written and as normalised (NFKC): both are what an event counts."""
    normalised = unicodedata.normalize("NFKC", text)
    if max(len(text), len(normalised)) <= longest:
        return text
    return f"{normalised[: longest - WRITTEN_OUT]}{ELLIPSIS}"


def shorten_reason(it: str, en: str) -> LocalizedText:
    """Cut a reason to what an event takes."""
    return LocalizedText(it=shorten(it, LONGEST_REASON), en=shorten(en, LONGEST_REASON))
