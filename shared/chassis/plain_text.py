"""Texts of people on one line, as pages, calendars and headers of mails can hold them."""

import unicodedata

DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn the direction of all that follows, also of what is not theirs."""


def clean(text: str) -> str:
    """Put a text on one line, without control characters and code points that are none.

    XML, calendars and headers of mails allow neither.
    """
    spaced = (" " if _is_control(character) else character for character in text if character not in DIRECTIONS)
    return " ".join("".join(spaced).split())


def _is_control(character: str) -> bool:
    code = ord(character)
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
