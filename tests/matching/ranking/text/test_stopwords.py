"""Words without information: of nearly every offer and need, and of no subject."""

import pytest

from services.matching.ranking.text.vectorizer import Tokenizer
from shared.contracts.base import Language
from shared.contracts.taxonomy import TOPICS

TOKENIZER = Tokenizer()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Siamo un'azienda innovativa e cerchiamo partner per lo sviluppo di soluzioni.", "it"),
        ("La nostra impresa offre collaborazione, anche attraverso partnership", "it"),
        ("An innovative company is looking for suppliers of solutions.", "en"),
        ("We provide what you need", "en"),
    ],
)
def test_what_every_member_writes_says_nothing(text: str, language: Language) -> None:
    assert list(TOKENIZER.stems(text, language)) == []


def test_every_topic_says_something_in_both_languages() -> None:
    for topic in TOPICS.values():
        assert list(TOKENIZER.stems(topic.it, "it")), topic.it
        assert list(TOKENIZER.stems(topic.en, "en")), topic.en
