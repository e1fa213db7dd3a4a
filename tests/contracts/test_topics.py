"""The catalogue of topics."""

from shared.contracts.topics import CATALOGUE


def test_each_type_is_on_one_topic_of_its_producer() -> None:
    listed = [(kind, topic) for topic in CATALOGUE for kind in topic.events]
    assert len({kind for kind, _ in listed}) == len(listed)
    assert all(kind.TYPE.startswith(f"{topic.producer}.") for kind, topic in listed)
