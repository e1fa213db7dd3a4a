"""Names cut to a width, never inside a sign."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.events.agenda_view.text import cut
from shared.chassis.plain_text import clean
from tests.events.printing.factories import texts


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("Alfa", 5, "Alfa"),
        ("Alfa Beta", 7, "Alfa…"),
        ("Elettromeccanica", 9, "Elettro…"),
        ("ELETTROMECCANICA", 9, "ELETTR…"),
        ("漢字漢字", 6, "漢字…"),
        ("cafe\u0301 noir", 5, "cafe\u0301…"),
        ("👩‍👩‍👧 x", 3, "👩‍👩‍👧…"),
        ("👍🏽 x", 3, "👍🏽…"),
        ("🇮🇹🇫🇷", 3, "🇮🇹…"),
        ("1\ufe0f\u20e3 uno", 3, "1\ufe0f\u20e3…"),
        ("किकिकि", 2, "कि…"),
        ("Bianchi, Rossi e figli", 10, "Bianchi…"),
    ],
)
def test_names_are_cut_at_words_and_never_inside_a_sign(text: str, width: int, expected: str) -> None:
    assert cut(text, width) == expected


@given(texts.map(clean), st.integers(2, 60))
def test_a_cut_text_begins_like_the_whole(text: str, width: int) -> None:
    short = cut(text, width)
    assert len(short) <= len(text)
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))
