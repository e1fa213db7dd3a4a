"""Refusals name keys; the catalogue has the words."""

from shared.chassis.errors import FieldError, Refusal, StaleVersion, invalid
from shared.chassis.texts import Texts, text

TEXTS = Texts("shared.chassis")


def test_an_invalid_field_is_named_in_the_refusal_and_beside_it() -> None:
    refusal = invalid("offers.0.trl", "maximum", "pydantic-less-than-equal", le=9)
    assert (refusal.status, refusal.code) == (422, "invalid")
    assert TEXTS.write(refusal.message, "en") == "offers.0.trl: must be at most 9"
    [error] = refusal.errors
    assert error.written(TEXTS, "it") == {
        "field": "offers.0.trl",
        "rule": "maximum",
        "message": "deve essere al massimo 9",
    }


def test_a_refusal_is_written_by_its_code_or_by_another_message() -> None:
    assert TEXTS.write(StaleVersion(1, 2).message, "en").startswith("Version 1 is no longer the newest")
    refusal = Refusal("body-too-large", message=text("field-invalid", field="n", message="too much"))
    assert (refusal.code, TEXTS.write(refusal.message, "it")) == ("body-too-large", "n: too much")


def test_the_fields_of_a_refusal_stay_in_their_order() -> None:
    errors = [FieldError(field, "absent", text("field-no-header")) for field in ("b", "a")]
    assert list(Refusal("body-too-large", *errors, limit=1).errors) == errors
