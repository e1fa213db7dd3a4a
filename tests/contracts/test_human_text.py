"""Texts of people: what shows nothing or deceives is refused, blanks around are taken off, and what was published reads."""

from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.contracts.human_text import READING, HumanText

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


def test_readers_take_what_was_published_as_it_is() -> None:
    for value in ("\u202ea\x00b ", "\u200b"):
        assert LINE.validate_json(f'"{value}"'.replace("\x00", "\\u0000"), context=READING) == value
