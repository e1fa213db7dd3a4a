"""An explanation for a person: the features by their weight, the place, the sentences; or why there is none."""

import io
from typing import Any, Literal

import pytest
from rich.console import Console

from distretti.cli.explain import show

SUGGESTION: dict[str, Any] = {
    "rule": "b2b-1.2",
    "score": 0.25,
    "features": {"words": 0.5, "text": 0.1, "known": 1.0},
    "contributions": {"text": 0.05, "words": 0.3, "known": -0.1},
    "why_it": "Un'offerta risponde.",
    "why_en": "An offer answers.",
    "why_not_it": "",
    "why_not_en": "",
    "raise_it": "Un testo più lungo.",
    "raise_en": "A longer text.",
    "passages": [{"feature": "words", "yours": "[cerco]", "theirs": "offro"}],
}
EXPLANATION: dict[str, Any] = {
    "member": "m1", "partner": "p1", "place": 3, "of": 20, "last_score": 0.3, "full": True,
    "declined": None, "suggestion": SUGGESTION,
}  # fmt: skip


def printed(language: Literal["it", "en"], **changes: Any) -> str:
    with Console(width=300, record=True, file=io.StringIO()) as console:
        show(console, EXPLANATION | changes, language)
    return console.export_text()


def test_features_are_listed_by_what_they_contribute_and_sentences_in_the_language() -> None:
    text = printed("en")
    places = [text.index(contribution) for contribution in ("+0.300000", "-0.100000", "+0.050000")]
    assert places == sorted(places)
    assert "In the list: 3 / 20" in text
    assert "Why: An offer answers." in text
    assert "Why not higher" not in text
    assert "What would raise it: A longer text." in text
    # Texts of members are no markup.
    assert "Passages that match (words): [cerco] | offro" in text
    assert "Che cosa lo alzerebbe: Un testo più lungo." in printed("it")


def test_a_pair_outside_the_list_has_no_place() -> None:
    assert "Outside the list, which is full: it has 20 partners, and the last has 0.300000." in printed("en", place=None)
    assert "Fuori dalla lista, che è piena: ha 20 partner, e l'ultimo ha 0.300000." in printed("it", place=None)
    assert "Not in the list yet, which has 3 partners" in printed("en", place=None, of=3, full=False)


@pytest.mark.parametrize(
    ("declined", "language", "sentence"),
    [
        ("not-now", "en", "The member declined it (not-now)"),
        ("not-now", "it", "Il membro l'ha rifiutato (not-now)"),
        (None, "en", "There is nothing between the two"),
    ],
)
def test_without_a_suggestion_the_reason_is_said(declined: str | None, language: Literal["it", "en"], sentence: str) -> None:
    assert printed(language, suggestion=None, declined=declined).startswith(sentence)
