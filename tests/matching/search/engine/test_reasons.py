"""The reasons for a supplier."""

from services.matching.search.engine.reasons import REASONS, reasons_for


def test_reasons_come_the_weightiest_first_and_never_what_speaks_against() -> None:
    contributions = {"text": 0.5, "words": 0.4, "small": 0.2, "name": 3.0, "active": -1.0, "together": 0.0}
    reasons = reasons_for(contributions, "Fibre sensors")
    assert reasons.en == "The text names the organisation or its city. It is close to “Fibre sensors”. It is a small firm."
    assert reasons.it == "Il testo nomina l'organizzazione o la sua città. È vicino a «Fibre sensors». È una piccola impresa."


def test_without_a_reason_it_says_so() -> None:
    assert reasons_for({"active": 2.0}, None).it == "Nulla in particolare."


def test_all_reasons_with_a_long_title_fit_a_localized_text() -> None:
    for title in ("x" * 4000, "㍿" * 70, "ﷺ", "\u202ex\x00"):
        assert reasons_for({"text": 1.0, **dict.fromkeys(REASONS, 1.0)}, title)
