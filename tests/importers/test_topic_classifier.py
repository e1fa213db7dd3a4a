"""Topics of a text, by its words."""

import pytest

from distretti.importers.topic_classifier import TOPIC_WORDS, count_words, find_topics, word_pattern
from shared.contracts.taxonomy import TOPICS


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Sensori in fibra ottica e laser", "ict-photonics/photonics"),
        ("Robot learning for polishing", "smart-factory/robotics"),
        ("Vaccines and antibodies", "chemistry-nanotech/pharma-biotech"),
        ("Comunità energetiche e pompe di calore", "smart-factory/energy-systems"),
    ],
)
def test_words_of_both_languages_lead_to_a_topic(text: str, topic: str) -> None:
    assert find_topics(text)[0] == topic


def test_whole_words_are_not_found_inside_others() -> None:
    assert find_topics("He said again that maintenance is plain") == ()


def test_a_keyword_is_the_beginning_of_a_word_and_a_marked_one_the_whole() -> None:
    pattern = word_pattern(("laser", "ai!"))
    assert pattern.findall("lasers and ai, aid, said, a laser") == ["laser", "ai", "laser"]


def test_different_words_are_counted_once_whatever_their_case_and_accents() -> None:
    patterns = {"a": word_pattern(("qualita", "laser")), "b": word_pattern(("marmo",))}
    assert count_words(patterns, "Qualità e QUALITÀ, laser") == {"a": 2}


def test_the_topics_with_most_words_come_first_and_not_more_than_asked_for() -> None:
    text = "robot, exoskeleton and grasping with a laser; vaccines"
    first, *rest = find_topics(text)
    assert first == "smart-factory/robotics"
    assert rest
    assert find_topics(text, limit=1) == (first,)
    assert find_topics("") == ()


def test_every_topic_has_words() -> None:
    assert set(TOPIC_WORDS) == set(TOPICS)
    assert all(TOPIC_WORDS.values())
