"""Raw records of the topics: reading them, and appending copies."""

import random
from collections.abc import Sequence

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from shared.chassis.config import Settings
from shared.chassis.kafka.topic_reader import KafkaRecord, read_partition, reading
from shared.contracts.topics import Topic

MOST_COPIES = 60


async def read_partitions(settings: Settings, topic: Topic) -> list[list[KafkaRecord]]:
    """A topic's records from its beginning to its present end, by partition."""
    partitions = [TopicPartition(settings.named(topic.name), number) for number in range(topic.partitions)]
    async with reading(settings) as kafka:
        ends = await kafka.end_offsets(partitions)
        return [
            [record async for batch in read_partition(kafka, partition, end) for record in batch] for partition, end in ends.items()
        ]


async def repeat(settings: Settings, topic: Topic, draw: random.Random, shuffled: bool) -> int:
    """Append copies of records, with their headers, to their partition; return how many.

    Either a sample in the original order, or a run of consecutive records in a shuffled one.
    """
    copies: list[KafkaRecord] = []
    for records in await read_partitions(settings, topic):
        copies += _run(records, draw) if shuffled else _sample(records, draw)
    producer = AIOKafkaProducer(bootstrap_servers=settings.kafka_bootstrap, acks="all", linger_ms=5)
    await producer.start()
    try:
        for copy in copies:
            # Awaited one by one, so that they keep the drawn order.
            await producer.send_and_wait(copy.topic, copy.value, copy.key, copy.partition, headers=list(copy.headers))
    finally:
        await producer.stop()
    return len(copies)


def _sample(records: Sequence[KafkaRecord], draw: random.Random) -> list[KafkaRecord]:
    # Half at most: all of them in order would repeat the whole history, which tests nothing.
    numbers = draw.sample(range(len(records)), min((len(records) + 1) // 2, MOST_COPIES))
    return [records[number] for number in sorted(numbers)]


def _run(records: Sequence[KafkaRecord], draw: random.Random) -> list[KafkaRecord]:
    start = draw.randrange(max(1, len(records) - MOST_COPIES))
    run = list(records[start : start + MOST_COPIES])
    draw.shuffle(run)
    return run


async def rewind(settings: Settings, group: str, topics: Sequence[Topic]) -> None:
    """Set a consumer group back to the beginning of its topics. The group must have no members."""
    partitions = [TopicPartition(settings.named(topic.name), number) for topic in topics for number in range(topic.partitions)]
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.kafka_bootstrap, group_id=settings.named(group), enable_auto_commit=False
    )
    await consumer.start()
    try:
        consumer.assign(partitions)
        await consumer.commit(dict.fromkeys(partitions, 0))
    finally:
        await consumer.stop()
