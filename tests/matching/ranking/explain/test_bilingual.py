"""Texts in both languages at once."""

from services.matching.ranking.explain.bilingual import EMPTY, Bilingual, bilingual, fill, joined
from shared.chassis.texts import text


def test_a_text_is_filled_as_the_catalogue_writes_it_in_both_languages():
    params = {"own": "Laser", "partner": "Marble", "offered": 4, "needed": 6}
    assert fill("reason-offer-answers-need-trl", **params) == bilingual(text("reason-offer-answers-need-trl", **params))
    italian, english = fill("reason-same-province")
    assert (italian, english) == ("Stessa provincia.", "Same province.")


def test_a_parameter_with_braces_is_quoted_as_it_is():
    italian, english = fill("reason-similar-fields", own="{own}", partner="{0} {x}")
    for written in (italian, english):
        assert "{own}" in written
        assert "{0} {x}" in written


def test_sentences_are_joined_by_a_space_language_by_language():
    assert joined([Bilingual("Uno.", "One."), Bilingual("Due.", "Two.")]) == Bilingual("Uno. Due.", "One. Two.")
    assert joined(iter(())) == EMPTY


def test_a_filled_text_is_the_text_of_the_catalogue() -> None:
    params = {"own": "Hulls {1}", "partner": "Coatings"}
    assert fill("reason-similar-fields", **params) == bilingual(text("reason-similar-fields", **params))


def test_sentences_are_joined_language_by_language() -> None:
    assert joined([Bilingual("Uno.", "One."), Bilingual("Due.", "Two.")]) == Bilingual("Uno. Due.", "One. Two.")
    assert joined([]) == EMPTY
