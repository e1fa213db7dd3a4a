"""Refusals that name their field."""

from services.events.errors import refused, refused_as
from services.events.texts import TEXTS


def test_a_refusal_names_its_field_and_says_why_in_both_languages() -> None:
    refusal = refused("not-a-side", "by", member="carla")
    [error] = refusal.errors
    assert (refusal.code, error.field, error.rule, error.message) == ("not-a-side", "by", "not-a-side", refusal.message)
    assert all("carla" in TEXTS.write(refusal.message, language) for language in ("it", "en"))


def test_one_refusal_has_the_words_of_each_of_its_reasons() -> None:
    accepted, requested = (refused_as("asked-otherwise", "slot", f"{status}-otherwise") for status in ("accepted", "requested"))
    assert accepted.code == requested.code == accepted.errors[0].rule
    assert TEXTS.write(accepted.message, "en") != TEXTS.write(requested.message, "en")
