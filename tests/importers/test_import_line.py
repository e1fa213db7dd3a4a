"""Texts cut, tidied and made into host names."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from distretti.importers.import_line import TEXT, Line, body, contact_at, cut, reasons, slug, tidy


@given(st.text(), st.integers(min_value=1, max_value=60))
def test_a_cut_text_fits_and_begins_as_the_whole(text: str, limit: int) -> None:
    short = cut(text, limit)
    assert len(short) <= limit
    assert short == text if len(text) <= limit else text.startswith(short[:-1]) and short.endswith("…")


@given(st.lists(st.text("abc", min_size=1, max_size=8), min_size=1, max_size=20), st.integers(10, 60))
def test_a_cut_text_ends_with_a_whole_word(words: list[str], limit: int) -> None:
    text = " ".join(words)
    cut_words = cut(text, limit).removesuffix("…").split()
    assert cut_words == words[: len(cut_words)]


def test_marks_of_exports_are_tidied_away() -> None:
    assert tidy(" R&amp\n• D in <b>laser</b>_x000D_ optics &lt; 3 µm\n") == "R& D in laser optics < 3 µm"
    assert tidy(None) == ""


@given(st.text())
def test_a_slug_is_a_host_name(text: str) -> None:
    host = slug(text)
    assert 1 <= len(host) <= 40
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", host)


def test_parts_of_a_text_are_lines_and_empty_ones_are_left_out() -> None:
    assert body(" one ", "", "<p></p>", "two") == "one\ntwo"
    assert len(body("word " * TEXT)) <= TEXT


def test_a_contact_is_at_a_domain_that_nobody_has() -> None:
    contact = contact_at("firma")
    assert contact.email == "contact@firma.example"
    assert "@" not in contact.name


def test_what_is_wrong_with_a_line_is_named_by_field_without_its_value() -> None:
    with pytest.raises(ValidationError) as caught:
        Line.model_validate({"name": "", "kind": "secret-kind"})
    explained = reasons(caught.value)
    assert "name: shows nothing: a text is needed" in explained
    assert "identifiers: Field required" in explained
    assert "secret-kind" not in explained
