"""The list of refused words itself."""

from collections import Counter

from tools.linters.words import ADVERBS, PARTICIPLES, PHRASES, PREFIXES, PRONOUNS, RETIRED, VERBS


def test_every_word_is_listed_once() -> None:
    places = Counter((retired.word, retired.within, retired.kinds) for retired in RETIRED)
    assert [word for word, count in places.items() if count > 1] == []
    refused = Counter([*PRONOUNS, *ADVERBS, *PARTICIPLES, *VERBS])
    assert [word for word, count in refused.items() if count > 1] == []


def test_a_retired_word_is_written_as_words_of_lower_case_and_has_a_successor() -> None:
    for retired in RETIRED:
        assert retired.word == " ".join(retired.word.casefold().split())
        assert "_" not in retired.word
        assert retired.instead.strip()


def test_a_word_is_no_successor_of_itself() -> None:
    for retired in RETIRED:
        assert retired.word not in retired.instead.casefold().replace("_", " ").split(", ")
    assert all(phrase not in instead for phrase, instead in PHRASES.items())


def test_a_prefix_is_no_refused_word_by_itself() -> None:
    assert not PREFIXES & (PRONOUNS | ADVERBS | PARTICIPLES | VERBS)
