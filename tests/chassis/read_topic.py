"""Reads a topic from its beginning, as somebody would who sees all that was ever sent."""

import asyncio
from collections import defaultdict

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.chassis.config import Settings
from shared.contracts.topics import Topic


async def sequences(settings: Settings, topic: Topic, at_least: int, seconds: float = 20) -> dict[str, list[int]]:
    """The sequences on a topic by aggregate, in the order they are there, once there are `at_least` records."""
    consumer = AIOKafkaConsumer(
        settings.named(topic.name), bootstrap_servers=settings.kafka_bootstrap, auto_offset_reset="earliest"
    )
    by_key: dict[str, list[int]] = defaultdict(list)
    await consumer.start()
    try:
        async with asyncio.timeout(seconds):
            while True:
                ends = await consumer.end_offsets(consumer.assignment())
                while any([await consumer.position(partition) < end for partition, end in ends.items()]):
                    for records in (await consumer.getmany(timeout_ms=100)).values():
                        for record in records:
                            by_key[record.key.decode()].append(int(dict(record.headers)["ce_sequence"]))
                if sum(map(len, by_key.values())) >= at_least:
                    return dict(by_key)
    finally:
        await consumer.stop()


async def values_of(settings: Settings, topic: str, partition: int) -> list[bytes]:
    """The values on one partition, in the order they are there."""
    place = TopicPartition(settings.named(topic), partition)
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.kafka_bootstrap)
    await consumer.start()
    try:
        consumer.assign([place])
        await consumer.seek_to_beginning(place)
        end = (await consumer.end_offsets([place]))[place]
        values: list[bytes] = []
        async with asyncio.timeout(20):
            while await consumer.position(place) < end:
                values += [record.value for record in (await consumer.getmany(place, timeout_ms=100)).get(place, [])]
        return values
    finally:
        await consumer.stop()
