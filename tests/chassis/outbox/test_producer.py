"""The producer on a real Kafka: whole batches, in order, and a producer that fails for good is replaced."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiokafka import TopicPartition

from shared.chassis.config import Settings
from shared.chassis.kafka.topics import create_topics
from shared.chassis.mongo import Document
from shared.chassis.outbox.producer import OutboxProducer, RecordRefused
from tests.chassis.read_topic import values_of

TOPIC = "registry.members"


def document(number: int, size: int = 10) -> Document:
    return {
        "topic": TOPIC,
        "key": "m1",
        "sequence": number,
        "headers": {"ce_sequence": str(number)},
        "value": f"{number}".ljust(size),
    }


@asynccontextmanager
async def sending(settings: Settings) -> AsyncIterator[OutboxProducer]:
    await create_topics(settings.kafka_bootstrap, settings.namespace)
    producer = OutboxProducer(settings, "test")
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def test_more_events_than_a_batch_takes_go_in_several_in_order(settings: Settings) -> None:
    async with sending(settings) as producer:
        partition = await producer.partition(TOPIC, "m1")
        stream, counts = [document(number, 100_000) for number in range(12)], []
        while stream:
            counts.append(await producer.append(stream, partition))
            stream = stream[counts[-1] :]
        assert len(counts) > 1
        assert [int(value) for value in await values_of(settings, TOPIC, partition)] == list(range(12))


async def test_what_the_broker_will_never_take_is_refused_and_the_next_is_taken(settings: Settings) -> None:
    async with sending(settings) as producer:
        partition = await producer.partition(TOPIC, "m1")
        with pytest.raises(RecordRefused, match="MessageSizeTooLarge"):
            await producer.append([document(1, 2_000_000)], partition)
        assert await producer.append([document(2)], partition) == 1
        assert [int(value) for value in await values_of(settings, TOPIC, partition)] == [2]


async def test_a_producer_the_broker_no_longer_follows_is_replaced(settings: Settings) -> None:
    async with sending(settings) as producer:
        partition = await producer.partition(TOPIC, "m1")
        await producer.append([document(1)], partition)
        client: Any = producer._producer
        # As after a batch that was numbered and never arrived: all later numbers are out of order.
        client._txn_manager.increment_sequence_number(TopicPartition(settings.named(TOPIC), partition), 5)
        with pytest.raises(RecordRefused, match="OutOfOrderSequenceNumber"):
            await producer.append([document(2)], partition)
        await producer.append([document(2)], partition)
        assert [int(value) for value in await values_of(settings, TOPIC, partition)] == [1, 2]
