"""Texts of people: what shows nothing or deceives is refused, blanks around are taken off, and what was published reads."""

from functools import cache
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.contracts.human_text import READING, HumanText, shortened

LINE = TypeAdapter(Annotated[str, HumanText(20)])
LINES = TypeAdapter(Annotated[str, HumanText(20, lines=True)])
OPTIONAL = TypeAdapter(Annotated[str, HumanText(20, least=0)])
INVISIBLE = ["", " ", "\u00a0\t", "\u200b", "\ufeff", "\u2060\u200b ", "\u00ad", "\u3164", "\u2800 ", "\u200d", "\ufe0f", "\u0301"]
DECEIVING = ["a\x00b", "a\x1bb", "a\x7fb", "a\x85b", "a\u202eb", "a\u2066b\u2069", "a\u2028b", "a\ufffeb", "\ud800a"]


def rule(adapter: TypeAdapter[str], value: object) -> str:
    with pytest.raises(ValidationError) as refused:
        adapter.validate_python(value)
    [error] = refused.value.errors()
    return error["type"]


@pytest.mark.parametrize("value", INVISIBLE, ids=ascii)
def test_what_shows_nothing_is_no_text(value: str) -> None:
    assert rule(LINE, value) == rule(LINES, value) == "blank"


@pytest.mark.parametrize("value", DECEIVING, ids=ascii)
def test_controls_and_changes_of_direction_are_refused(value: str) -> None:
    for adapter in (LINE, LINES, OPTIONAL):
        assert rule(adapter, value) in ("control_character", "string_unicode")


ORDINARY = ["مرحبا", "👩\u200d🔬", "می\u200cخواهم", "Rossi & C."]


@pytest.mark.parametrize(
    ("value", "text"),
    [(" Rossi ", "Rossi"), ("\ufeffRossi\u200b\n", "Rossi"), *[(text, text) for text in ORDINARY]],
    ids=ascii,
)
def test_blanks_around_are_taken_off_and_every_script_is_kept(value: str, text: str) -> None:
    assert LINE.validate_python(value) == text


def test_only_texts_of_several_lines_have_several() -> None:
    assert LINES.validate_python("a\r\n\tb") == "a\n\tb"
    assert rule(LINE, "a\nb") == "control_character"
    assert OPTIONAL.validate_python("  ") == ""


def test_the_length_is_also_that_of_the_normalised_text() -> None:
    assert rule(LINE, "ﷺ" * 2) == "normalised_too_long"
    assert rule(LINE, "a" * 21) == "string_too_long"
    assert LINE.validate_python("ﬃ" * 6)


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("abcd", 4, "abcd"),
        ("abcde", 4, "a…"),
        ("ab…", 4, "a…"),
        ("", 4, ""),
        ("marmo di Carrara", 14, "marmo di…"),
        ("uno, due", 7, "uno…"),
        ("a straordinariamente", 12, "a straord…"),
        ("ﷺ e basta", 21, "ﷺ…"),
        ("ﷺ", 4, "…"),
    ],
    ids=ascii,
)
def test_a_text_is_cut_where_it_is_too_long_at_a_word_that_ends_near(text: str, limit: int, short: str) -> None:
    assert shortened(text, limit) == short


@cache
def lines_of(limit: int) -> TypeAdapter[str]:
    return TypeAdapter(Annotated[str, HumanText(limit, lines=True)])


def accepted(text: str, limit: int) -> str | None:
    """The text as it is taken, None where it is refused."""
    try:
        return lines_of(limit).validate_python(text)
    except ValidationError:
        return None


WRITTEN_OUT_OTHERWISE = st.sampled_from("ab \n,.…ﷺﬃ½²l\u0304\u0323\u0301\u0344ǘạ\u1100\u1161\u11a8😀\u200d\u00a0")


@given(st.text(WRITTEN_OUT_OTHERWISE | st.characters(), max_size=60), st.integers(3, 40))
def test_a_cut_text_is_taken_and_begins_as_the_whole(written: str, limit: int) -> None:
    if (text := accepted(written, 18 * len(written))) is None:
        return
    short = shortened(text, limit)
    assert accepted(short, limit) == short
    assert short == text if accepted(text, limit) else text.startswith(short.removesuffix("…")) and short.endswith("…")


def test_readers_take_what_was_published_as_it_is() -> None:
    for value in ("\u202ea\x00b ", "\u200b"):
        assert LINE.validate_json(f'"{value}"'.replace("\x00", "\\u0000"), context=READING) == value
