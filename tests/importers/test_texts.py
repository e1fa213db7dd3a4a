"""Cutting, tidying, amounts of money, topics and districts of a text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from distretti.importers.amounts import NotAnAmount, parse_amount
from distretti.importers.district_classifier import DISTRICT_WORDS, PRIORITY_DISTRICT, TOPIC_DISTRICT, find_districts
from distretti.importers.import_line import cut, slug, tidy
from distretti.importers.sectors import SECTOR_TOPICS, WITHOUT_TOPIC
from distretti.importers.topic_classifier import TOPIC_WORDS, find_topics
from shared.contracts.taxonomy import PRIORITIES, TOPICS


@given(st.text(), st.integers(min_value=1, max_value=60))
def test_a_cut_text_fits_and_begins_as_the_whole(text: str, limit: int) -> None:
    short = cut(text, limit)
    assert len(short) <= limit
    assert short == text if len(text) <= limit else text.startswith(short[:-1]) and short.endswith("…")


@given(st.lists(st.text("abc", min_size=1, max_size=8), min_size=1, max_size=20), st.integers(10, 60))
def test_a_cut_text_ends_with_a_whole_word(words: list[str], limit: int) -> None:
    text = " ".join(words)
    cut_words = cut(text, limit).removesuffix("…").split()
    assert cut_words == words[: len(cut_words)]


def test_marks_of_exports_are_tidied_away() -> None:
    assert tidy(" R&amp\n• D in <b>laser</b>_x000D_ optics &lt; 3 µm\n") == "R& D in laser optics < 3 µm"
    assert tidy(None) == ""


@given(st.text())
def test_a_slug_is_a_host_name(text: str) -> None:
    host = slug(text)
    assert 1 <= len(host) <= 40
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", host)


@given(st.integers(min_value=0, max_value=10**11), st.sampled_from([".", ",", "'", " ", ""]))
def test_whole_euros_are_read_however_thousands_are_marked(euros: int, mark: str) -> None:
    assert parse_amount(f"{euros:,}".replace(",", mark) + "EUR") == euros


@pytest.mark.parametrize(
    ("text", "euros"),
    [("1.250.000USD", 1150000), ("€ 1,5 mln", 1500000), ("750k", 750000), ("1.5M EUR", 1500000), ("$ 100.00", 92)],
)
def test_amounts_as_people_type_them(text: str, euros: int) -> None:
    assert parse_amount(text) == euros


@pytest.mark.parametrize("text", ["", "Unknown", "about 3", "12 CHF", "EUR 3 USD", "1.23.4", "1..000", "3 zillions"])
def test_what_is_not_an_amount_is_refused(text: str) -> None:
    with pytest.raises(NotAnAmount):
        parse_amount(text)


def test_tables_speak_of_known_topics_and_districts() -> None:
    assert set(TOPIC_WORDS) == set(TOPICS)
    assert {topic for topics in SECTOR_TOPICS.values() for topic in topics} <= set(TOPICS)
    assert not WITHOUT_TOPIC & set(SECTOR_TOPICS)
    assert set(TOPIC_DISTRICT) <= set(TOPICS)
    assert set(PRIORITY_DISTRICT) == set(PRIORITIES)
    assert set(TOPIC_DISTRICT.values()) | set(PRIORITY_DISTRICT.values()) <= set(DISTRICT_WORDS)


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


def test_districts_come_from_words_then_topics_then_the_last_resort() -> None:
    assert find_districts("Lavorazione di marmo e pietre", ())[0] == "marble"
    assert find_districts("", ("smart-factory/energy-systems",)) == ("energy-green",)
    assert find_districts("", ("ict-photonics/cybersecurity",)) == ("new-materials",)
    assert find_districts("", ()) == ("interiors-design",)
