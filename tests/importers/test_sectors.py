"""Sectors of start-ups and their topics."""

from distretti.importers.sectors import SECTOR_TOPICS, WITHOUT_TOPIC
from shared.contracts.taxonomy import TOPICS


def test_sectors_lead_to_known_topics_or_to_none() -> None:
    assert {topic for topics in SECTOR_TOPICS.values() for topic in topics} <= set(TOPICS)
    assert all(SECTOR_TOPICS.values())
    assert not WITHOUT_TOPIC & set(SECTOR_TOPICS)
