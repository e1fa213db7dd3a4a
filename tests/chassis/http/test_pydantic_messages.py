"""Errors of pydantic in the languages of the house."""

from typing import Any

import pytest
from pydantic_core._pydantic_core import list_all_errors

from shared.chassis.http.pydantic_messages import OWN, TRANSLATED, pydantic_message
from shared.chassis.texts import Texts


@pytest.mark.parametrize(
    "error", [error for error in list_all_errors() if error["type"] in TRANSLATED], ids=lambda error: error["type"]
)
def test_every_translated_error_of_pydantic_has_a_text(error: dict[str, Any]) -> None:
    message = pydantic_message({"type": error["type"], "ctx": error["example_context"] or {}, "msg": "in its own words"})
    texts = Texts("shared.chassis")
    assert "in its own words" not in (texts.write(message, "it"), texts.write(message, "en"))
    assert texts.write(message, "it") != texts.write(message, "en")


def test_every_translated_error_of_pydantic_exists() -> None:
    assert {error["type"] for error in list_all_errors()} >= TRANSLATED - OWN


def test_no_words_of_pydantic_are_answered() -> None:
    untranslated = pydantic_message({"type": "frozen_instance", "msg": "Instance is frozen"})
    assert Texts("shared.chassis").write(untranslated, "it").startswith("non ha la forma richiesta")
    choices = pydantic_message({"type": "literal_error", "ctx": {"expected": "'b2b', 'f2b' or 'r2b'"}, "msg": "Input should be"})
    assert Texts("shared.chassis").write(choices, "it") == "valori ammessi: 'b2b', 'f2b', 'r2b'"
