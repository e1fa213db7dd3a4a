"""Texts in both languages at once."""

from services.matching.ranking.explain.bilingual import EMPTY, Bilingual, bilingual, fill, joined
from shared.chassis.texts import text


def test_a_filled_text_is_the_text_of_the_catalogue() -> None:
    params = {"own": "Hulls {1}", "partner": "Coatings"}
    assert fill("reason-similar-fields", **params) == bilingual(text("reason-similar-fields", **params))


def test_sentences_are_joined_language_by_language() -> None:
    assert joined([Bilingual("Uno.", "One."), Bilingual("Due.", "Two.")]) == Bilingual("Uno. Due.", "One. Two.")
    assert joined([]) == EMPTY
