"""Text as pages and calendars can hold it."""

import unicodedata


def clean(text: str) -> str:
    """Put a text on one line, without control characters and code points that are none: XML and calendars allow neither."""
    return " ".join("".join(" " if _is_control(character) else character for character in text).split())


def _is_control(character: str) -> bool:
    code = ord(character)
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
