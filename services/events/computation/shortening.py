"""Names and reasons of an agenda, shortened to what an event takes."""

from collections.abc import Mapping

from shared.contracts.base import LocalizedText
from shared.contracts.human_text import shortened

LONGEST_NAME = 80
"""Characters of a name inside a reason: it names four people at most, and keeps within its length."""
LONGEST_REASON = 500


def name_of(names: Mapping[str, str], member: str) -> str:
    """Name a member, by its id where its name is not known."""
    return shortened(names.get(member, member), LONGEST_NAME)


def shorten_reason(it: str, en: str) -> LocalizedText:
    """Cut a reason to what an event takes."""
    return LocalizedText(it=shortened(it, LONGEST_REASON), en=shortened(en, LONGEST_REASON))
