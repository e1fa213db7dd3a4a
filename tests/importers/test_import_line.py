"""Texts cut, tidied and made into host names."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from distretti.importers.import_line import TEXT, TITLE, Line, body, contact_at, reasons, slug, tidy, title
from shared.contracts.registry import Offer


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


@pytest.mark.parametrize("words", ["word " * TEXT, "x" * TITLE + "…", "㍿" * TITLE])
def test_a_long_text_becomes_a_line_that_is_valid(words: str) -> None:
    assert len(Offer(nature="technology", title=title(words), text=body(words), language="it").title) > TITLE / 5


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
