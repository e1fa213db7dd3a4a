"""Saves and restores topics: every record with key, value, headers and time, in the order of its partition."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import bson
from aiokafka import AIOKafkaProducer, TopicPartition

from distretti.ops.backup.connections import System
from distretti.ops.backup.files import MOST_IN_BATCH, Writer, batches
from distretti.ops.backup.manifest import TopicSaved, topic_file
from distretti.ops.backup.quiescence import Ends
from shared.chassis.config import Settings
from shared.chassis.kafka.topic_reader import read_partition
from shared.chassis.progress import Advance
from shared.contracts.topics import Topic

Moved = Callable[[str, int, int, int], None]
"""Called with (topic, partition, old offset, new offset) of each restored record."""
LARGEST_REQUEST = 16_000_000


async def save_topic(
    system: System, topic: Topic, ends: Ends, directory: Path, checksums: dict[Path, str], step: Advance
) -> tuple[TopicSaved, int]:
    """Save a topic up to `ends`; return its manifest entry and size in bytes. Adds its checksum to `checksums`."""
    path = topic_file(directory, topic.name)
    writer = Writer(path)
    for number in range(topic.partitions):
        partition = TopicPartition(system.settings.named(topic.name), number)
        async for records in read_partition(system.kafka, partition, ends[partition], MOST_IN_BATCH):
            await asyncio.to_thread(writer.write, [_encode(record) for record in records])
            step(len(records))
    checksums[path], size = await asyncio.to_thread(writer.close)
    return TopicSaved(partitions=topic.partitions, records=writer.count), size


def _encode(record: Any) -> bytes:
    return bson.encode(
        {
            "partition": record.partition,
            "offset": record.offset,
            "time": record.timestamp,
            "key": record.key,
            "headers": [list(header) for header in record.headers],
            "value": record.value,
        }
    )


@asynccontextmanager
async def restore_producer(settings: Settings) -> AsyncIterator[AIOKafkaProducer]:
    """An idempotent producer: it keeps the order of each partition and duplicates nothing."""
    producer = AIOKafkaProducer(
        bootstrap_servers=settings.kafka_bootstrap,
        acks="all",
        enable_idempotence=True,
        max_batch_size=1 << 18,
        max_request_size=LARGEST_REQUEST,
        linger_ms=5,
        request_timeout_ms=int(settings.kafka_timeout * 1000),
    )
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def restore_topic(
    producer: AIOKafkaProducer, settings: Settings, topic: str, directory: Path, moved: Moved, step: Advance
) -> None:
    """Restore every record to its partition and order, with key, value, headers and time."""
    reading = batches(topic_file(directory, topic))
    while batch := await asyncio.to_thread(next, reading, None):
        records = [bson.decode(raw) for raw in batch]
        sent = [
            await producer.send(
                settings.named(topic),
                record["value"],
                key=record["key"],
                partition=record["partition"],
                timestamp_ms=record["time"],
                headers=[(name, value) for name, value in record["headers"]],
            )
            for record in records
        ]
        for record, acknowledged in zip(records, await asyncio.gather(*sent), strict=True):
            moved(topic, record["partition"], record["offset"], acknowledged.offset)
        step(len(records))
