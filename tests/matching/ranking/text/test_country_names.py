"""Countries are recognised in a text by their names, in Italian and English."""

import pytest
from babel import Locale

from services.matching.ranking import TextQuery, TextSearch
from services.matching.ranking.text.country_names import COUNTRIES
from services.matching.ranking.text.stopwords import STOPWORDS
from services.matching.ranking.text.vectorizer import Tokenizer
from shared.contracts.base import Language
from tests.matching.ranking.factories import firm

ISO = {"EL": "GR", "UK": "GB"}
"""The EU's codes beside those of ISO 3166."""
OF_COMMON_WORDS = {"Paesi Bassi", "Stati Uniti", "United States"}
"""Written in any text: the country has other names."""
TOKENIZER = Tokenizer()


def stems(*words: str) -> set[str]:
    languages: tuple[Language, ...] = ("it", "en")
    return {stem for word in words for language in languages for stem in TOKENIZER.stems(word, language)}


@pytest.mark.parametrize("code", COUNTRIES)
def test_a_country_is_recognised_by_its_name_in_both_languages(code: str) -> None:
    names = stems(*COUNTRIES[code])
    for language in ("it", "en"):
        name = Locale(language).territories[ISO.get(code, code)]
        assert name in OF_COMMON_WORDS or stems(name) & names, name


def test_no_word_names_two_countries_but_the_coast_of_three() -> None:
    named: dict[str, set[str]] = {}
    for code, words in COUNTRIES.items():
        for stem in stems(*words):
            named.setdefault(stem, set()).add(ISO.get(code, code))
    assert {stem: codes for stem, codes in named.items() if len(codes) > 1} == {"baltic": {"EE", "LV", "LT"}}


def test_no_name_is_a_word_that_is_left_out_of_texts() -> None:
    assert not {word.lower() for words in COUNTRIES.values() for word in words} & STOPWORDS


def test_a_member_of_a_named_country_is_nearer() -> None:
    index = TextSearch([firm("a", country="HR"), firm("b", country="IT"), firm("c", country="EL")])
    for text, marked in (
        ("Cerchiamo partner in Croazia", [1, 0, 0]),
        ("Greek partners", [0, 0, 1]),
        ("Cerchiamo partner", [0, 0, 0]),
    ):
        assert index.features(TextQuery(text, "it"))["country_named"].tolist() == marked
