"""Districts of an organisation, by its own description."""

from distretti.importers.district_classifier import DISTRICT_WORDS, PRIORITY_DISTRICT, TOPIC_DISTRICT, find_districts
from shared.contracts.taxonomy import PRIORITIES, TOPICS


def test_districts_come_from_words_then_topics_then_the_last_resort() -> None:
    assert find_districts("Lavorazione di marmo e pietre", ())[0] == "marble"
    assert find_districts("", ("smart-factory/energy-systems",)) == ("energy-green",)
    assert find_districts("", ("ict-photonics/cybersecurity",)) == ("new-materials",)
    assert find_districts("", ()) == ("interiors-design",)


def test_the_best_district_comes_first_beside_those_with_half_as_many_words() -> None:
    text = "marble, granite, mining and a quarry; furniture and a museum; a yacht"
    assert find_districts(text, ()) == ("marble", "interiors-design")
    assert find_districts(text, (), limit=1) == ("marble",)


def test_topics_count_only_where_no_word_does() -> None:
    assert find_districts("marmo", ("smart-factory/energy-systems",)) == ("marble",)


def test_topics_and_priorities_lead_to_districts_that_have_words() -> None:
    assert set(TOPIC_DISTRICT) <= set(TOPICS)
    assert set(PRIORITY_DISTRICT) == set(PRIORITIES)
    assert set(TOPIC_DISTRICT.values()) | set(PRIORITY_DISTRICT.values()) <= set(DISTRICT_WORDS)
