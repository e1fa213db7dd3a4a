"""Keys go to the partition that every client computes, and a topic that is not as the catalogue says is named."""

from dataclasses import replace

import pytest

from shared.chassis.config import Settings
from shared.chassis.kafka.topics import TopicMissing, check_topics, create_topics, partition_of, topic_name
from shared.contracts.topics import MEMBERS


@pytest.mark.parametrize(
    ("key", "hash"),
    # From the tests of Kafka's own Java client (UtilsTest).
    [
        ("21", -973932308),
        ("foobar", -790332482),
        ("a-little-bit-long-string", -985981536),
        ("a-little-bit-longer-string", -1486304829),
        ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
    ],
)
def test_a_key_goes_where_the_java_client_sends_it(key: str, hash: int) -> None:
    assert [partition_of(key, count) for count in (1, 6, 12)] == [(hash & 0x7FFFFFFF) % count for count in (1, 6, 12)]


def test_the_namespace_is_put_before_the_name() -> None:
    assert (topic_name("", "registry.members"), topic_name("blue", "registry.members")) == (
        "registry.members",
        "blue-registry.members",
    )


async def test_a_topic_that_is_absent_or_has_other_partitions_is_named(settings: Settings) -> None:
    with pytest.raises(TopicMissing, match=f"topic {settings.namespace}-registry.members has no partitions, the catalogue says 12"):
        await check_topics(settings.kafka_bootstrap, settings.namespace, {MEMBERS})
    for _ in range(2):
        await create_topics(settings.kafka_bootstrap, settings.namespace)
    await check_topics(settings.kafka_bootstrap, settings.namespace, {MEMBERS})
    with pytest.raises(TopicMissing, match="has 12 partitions, the catalogue says 24"):
        await check_topics(settings.kafka_bootstrap, settings.namespace, {replace(MEMBERS, partitions=24)})
