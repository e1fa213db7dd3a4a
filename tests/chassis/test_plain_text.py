"""Text as pages and calendars can hold it: on one line, of signs that XML allows."""

from xml.etree import ElementTree
from xml.sax.saxutils import escape

import pytest
from hypothesis import given

from shared.chassis.plain_text import clean
from tests.events.printing.factories import NASTY, texts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Fiera \t del\r\nmarmo ", "Fiera del marmo"),
        ("a\u2028b\u2029c\x85d", "a b c d"),
        ("a\ufffeb\U0001ffffc\ufdd0d\ud800e", "a b c d e"),
        ("e\u0301 👩‍👩‍👧 \u200f שלום", "e\u0301 👩‍👩‍👧 \u200f שלום"),
        ("Bella\u202ecosa\u2066 a", "Bellacosa a"),
        (NASTY[7], ""),
    ],
)
def test_a_text_keeps_what_a_reader_sees(text: str, expected: str) -> None:
    assert clean(text) == expected


@given(texts)
def test_a_clean_text_is_one_line_of_xml_and_stays_as_it_is(text: str) -> None:
    line = clean(text)
    assert clean(line) == line
    assert len(line.splitlines()) <= 1
    assert (ElementTree.fromstring(f"<t>{escape(line)}</t>").text or "") == line
