"""Texts that fit: cut to a width, dates and times in Italian and English."""

import unicodedata
from datetime import date, datetime
from typing import Final

from babel.dates import format_date, format_time

from shared.contracts.base import Language

ZERO_WIDTH_JOINER: Final = "\u200d"
MARKS: Final = ("Mn", "Mc", "Me")
SKIN_TONES: Final = range(0x1F3FB, 0x1F400)
TAGS: Final = range(0xE0020, 0xE0080)
REGIONAL_INDICATORS: Final = range(0x1F1E6, 0x1F200)
"""Two of them are a flag."""


def cut(text: str, width: int) -> str:
    """Cut a text to a width, in units of a small letter (a capital takes more), at a word where one ends near there.

    What is one sign to a reader (a letter with its accents and vowels, an emoji of several, a flag) stays whole or goes.
    """
    signs = _signs(text)
    if sum(map(_width, signs)) <= width:
        return text
    fitting: list[str] = []
    room: float = width - 1
    for sign in signs:
        room -= _width(sign)
        if room < 0:
            break
        fitting.append(sign)
    head = "".join(fitting)
    word = head.rpartition(" ")[0]
    return (word if len(word) * 3 >= len(head) * 2 else head).rstrip(" ,;:.-") + "…"


def _signs(text: str) -> list[str]:
    signs: list[str] = []
    for character in text:
        if signs and _continues(signs[-1], character):
            signs[-1] += character
        else:
            signs.append(character)
    return signs


def _continues(sign: str, character: str) -> bool:
    if character == ZERO_WIDTH_JOINER or sign[-1] == ZERO_WIDTH_JOINER or unicodedata.category(character) in MARKS:
        return True
    code = ord(character)
    halves_a_flag = len(sign) == 1 and ord(sign) in REGIONAL_INDICATORS and code in REGIONAL_INDICATORS
    return halves_a_flag or code in SKIN_TONES or code in TAGS


def _width(sign: str) -> float:
    if unicodedata.east_asian_width(sign[0]) in "WF" or ord(sign[0]) in REGIONAL_INDICATORS:
        return 2
    return 1.3 if sign[0].isupper() or sign[0] in "mw" else 1


def day_text(day: date, language: Language) -> str:
    """Write a day in full: `venerdì 12 marzo 2027`."""
    return format_date(day, "full", _locale(language))


def clock(moment: datetime, language: Language) -> str:
    """Write the time of day, hours and minutes, as its own zone has it."""
    return format_time(moment.replace(tzinfo=None), "short", locale=_locale(language))


def _locale(language: Language) -> str:
    return "it_IT" if language == "it" else "en_GB"
