"""Reasons that an agenda gives, short enough for its event. Pure."""

from collections.abc import Mapping

from services.events.texts import TEXTS
from shared.chassis.texts import text
from shared.contracts.base import LocalizedText

LONGEST_NAME = 80
"""Characters of a name inside a reason: it names four people at most, and keeps within its length."""
LONGEST_REASON = 500


def name_of(names: Mapping[str, str], member: str) -> str:
    """Name a member, by its id where its name is not known."""
    return short(names.get(member, member))


def short(text: str, longest: int = LONGEST_NAME) -> str:
    """Cut a text to so many characters."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def short_reason(it: str, en: str) -> LocalizedText:
    """Cut a reason to what an event takes."""
    return LocalizedText(it=short(it, LONGEST_REASON), en=short(en, LONGEST_REASON))


def did_not_come(name: str) -> LocalizedText:
    """Say that a meeting has no place because a member is a no-show."""
    return TEXTS.localized(text("did-not-come", name=name))


def withdrew(name: str) -> LocalizedText:
    """Say that a meeting has no place because a member withdrew."""
    return TEXTS.localized(text("withdrew", name=name))


def no_table(name: str) -> LocalizedText:
    """Say that a member that needs a table of its own has none."""
    return TEXTS.localized(text("no-own-table", name=name))
