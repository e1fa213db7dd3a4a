"""Texts that people write and read: names, titles, reasons, descriptions."""

import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any, Final

from pydantic import GetCoreSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

READING: Final = {"reading": True}
"""Validation context of readers of events: what was published once is read as it is."""
DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn the direction of all that follows, also of what is not theirs."""
FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and signs that show nothing."""
EDGES = "\ufeff\u200b\u2060\u00ad\u180e" + FILLERS
"""What is taken off at both ends, as blanks are."""
VISIBLE = ("L", "N", "P", "S")
ELLIPSIS: Final = "…"
"""Three characters as normalised."""
NO_END_OF_A_PHRASE: Final = " \n\t,;:.-"


@dataclass(frozen=True)
class HumanText:
    """A text of at most `most` characters, counted as written and as normalised (NFKC): one can stand for eighteen.

    On one line, or with `lines` on several. Blanks around it are taken off; what shows nothing, controls and signs that turn the
    direction of writing are refused.
    """

    most: int
    least: int = 1
    lines: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A string with these bounds, trimmed before and checked after."""
        string = core_schema.str_schema(min_length=self.least or None, max_length=self.most)
        trimmed = core_schema.with_info_before_validator_function(self._trim, string)
        return core_schema.with_info_after_validator_function(self._check, trimmed)

    def _trim(self, value: Any, info: ValidationInfo) -> Any:
        if not isinstance(value, str) or info.context == READING:
            return value
        text = stripped(value.replace("\r\n", "\n") if self.lines else value)
        if not text and self.least:
            raise PydanticCustomError("blank", "shows nothing: a text is needed")
        return text

    def _check(self, text: str, info: ValidationInfo) -> str:
        if info.context == READING:
            return text
        if not text.isprintable():  # nothing that is refused is: most texts need no look at each character
            self._refuse_controls(text)
        if text and not any(_is_visible(character) for character in text):
            raise PydanticCustomError("blank", "shows nothing: a text is needed")
        if _written_out(text) > self.most:
            limit = {"max_length": self.most}
            raise PydanticCustomError("normalised_too_long", "at most {max_length} characters once written out", limit)
        return text

    def _refuse_controls(self, text: str) -> None:
        for character in text:
            if character in DIRECTIONS or (is_control(character) and not (self.lines and character in "\n\t")):
                code = {"character": f"U+{ord(character):04X}"}
                raise PydanticCustomError("control_character", "must not contain the control character {character}", code)


def stripped(text: str) -> str:
    """Take blanks and what shows nothing off at both ends, in whatever order they stand there."""
    start, end = 0, len(text)
    while start < end and _is_edge(text[start]):
        start += 1
    while end > start and _is_edge(text[end - 1]):
        end -= 1
    return text[start:end]


def shortened(text: str, limit: int) -> str:
    """Cut a text to a limit of at least 3 characters, counted as HumanText counts them, and end it by `…` where it was longer.

    At a word, where one ends in the last third.
    """
    if len(text) <= limit and _written_out(text) <= limit:
        return text
    # Every size that the search settles for has been counted, though marks may write a longer text out in fewer characters.
    fitting = bisect_right(range(limit), limit, key=lambda size: _written_out(text[:size] + ELLIPSIS)) - 1
    head = text[:fitting]
    if not text[fitting].isspace():
        words = head.rpartition(" ")[0]
        head = words if len(words) * 3 >= len(head) * 2 else head
    return head.rstrip(NO_END_OF_A_PHRASE) + ELLIPSIS


def _written_out(text: str) -> int:
    return len(unicodedata.normalize("NFKC", text))


def _is_edge(character: str) -> bool:
    return character in EDGES or character.isspace()


def _is_visible(character: str) -> bool:
    return unicodedata.category(character).startswith(VISIBLE) and character not in FILLERS


def is_control(character: str) -> bool:
    """Whether a code point is a control, ends a line or is none: XML, calendars and headers of mails allow none of them."""
    code = ord(character)
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
