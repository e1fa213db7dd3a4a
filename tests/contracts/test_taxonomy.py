"""The taxonomy is whole, in both languages, and its ids are well formed."""

import re

import pytest

from shared.contracts.taxonomy import PRIORITIES, TOPICS, label, priority_of, topics_of


def test_every_topic_belongs_to_one_of_the_three_priorities() -> None:
    assert list(PRIORITIES) == ["ict-photonics", "smart-factory", "chemistry-nanotech"]
    assert {priority_of(topic) for topic in TOPICS} == set(PRIORITIES)
    assert sum(len(topics_of(priority)) for priority in PRIORITIES) == len(TOPICS)
    assert all(len(topics_of(priority)) >= 8 for priority in PRIORITIES)


def test_ids_are_lower_case_words_and_unique() -> None:
    assert all(re.fullmatch(r"[a-z-]+/[a-z-]+", topic) for topic in TOPICS)
    names = [topic.partition("/")[2] for topic in TOPICS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("language", ["it", "en"])
def test_labels_are_given_and_differ_within_a_language(language: str) -> None:
    labels = [label(identifier, language) for identifier in [*PRIORITIES, *TOPICS]]
    assert all(text.strip() == text and text for text in labels)
    assert len(set(labels)) == len(labels)


def test_an_unknown_priority_has_no_topics_and_no_label() -> None:
    assert topics_of("alchemy") == ()
    with pytest.raises(KeyError):
        label("smart-factory/alchemy", "it")
