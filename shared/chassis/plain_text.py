"""Texts of people on one line, as pages, calendars and headers of mails can hold them."""

from shared.contracts.human_text import DIRECTIONS, is_control


def clean(text: str) -> str:
    """Put a text on one line, without control characters and code points that are none.

    XML, calendars and headers of mails allow neither.
    """
    spaced = (" " if is_control(character) else character for character in text if character not in DIRECTIONS)
    return " ".join("".join(spaced).split())
