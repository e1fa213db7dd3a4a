"""What an agenda says in words: names and reasons kept short, who is missing and who has no table of its own. Pure."""

from collections.abc import Mapping

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
    """Say that somebody is left out since it was not there."""
    return LocalizedText(it=f"{name} non si è presentato.", en=f"{name} did not come.")


def withdrew(name: str) -> LocalizedText:
    """Say that somebody is left out since it takes part no more."""
    return LocalizedText(it=f"{name} si è ritirato dall'evento.", en=f"{name} has withdrawn from the event.")


def no_table(name: str) -> LocalizedText:
    """Say that somebody who needs a table to itself has none."""
    return LocalizedText(
        it=f"Per {name} non c'è un tavolo riservato: gli altri servono a chi resta. Aprire o aggiungere un tavolo.",
        en=f"There is no table of its own for {name}: the others need what is left. Open or add a table.",
    )
