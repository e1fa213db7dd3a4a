"""Reads whole topics, a partition at a time, in no consumer group."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeAlias

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from shared.chassis.config import Settings

SILENT_SECONDS = 60
KafkaRecord: TypeAlias = "ConsumerRecord[bytes | None, bytes | None]"


class KafkaSilent(Exception):
    """Kafka returned no record for a minute, though the end of the topic was not reached."""


class SilenceTimeout:
    """Limits the time without records to `SILENT_SECONDS`: the client itself would retry for ever."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._received_at = time.monotonic()

    def received(self, count: int) -> None:
        """Note the number of records. Raises KafkaSilent."""
        if count:
            self._received_at = time.monotonic()
        elif time.monotonic() - self._received_at > SILENT_SECONDS:
            raise KafkaSilent(f"Kafka gave no record of {self._source} for {SILENT_SECONDS} s: see its log.")


def reader(settings: Settings) -> AIOKafkaConsumer:
    """Create a client that is in no consumer group and commits nothing."""
    return AIOKafkaConsumer(
        bootstrap_servers=settings.kafka_bootstrap,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        # Other requests wait behind a fetch: a long one would delay each new partition.
        fetch_max_wait_ms=1,
        # The first look-up of a topic fails, and is retried after this.
        retry_backoff_ms=20,
        request_timeout_ms=int(settings.kafka_timeout * 1000),
    )


@asynccontextmanager
async def reading(settings: Settings) -> AsyncIterator[AIOKafkaConsumer]:
    """A started reader, closed at the end."""
    kafka = reader(settings)
    await kafka.start()
    try:
        yield kafka
    finally:
        await kafka.stop()


async def read_partition(
    kafka: AIOKafkaConsumer, partition: TopicPartition, end: int, max_records: int | None = None
) -> AsyncIterator[list[KafkaRecord]]:
    """Read a partition from its beginning to `end`, at most `max_records` at a time. Raises KafkaSilent."""
    begin = (await kafka.beginning_offsets([partition]))[partition]
    if begin >= end:
        return
    kafka.assign([partition])
    kafka.seek(partition, begin)
    timeout = SilenceTimeout(f"{partition.topic} {partition.partition}")
    while await kafka.position(partition) < end:
        fetched = await kafka.getmany(partition, timeout_ms=1000, max_records=max_records)
        records = [record for record in fetched.get(partition, []) if record.offset < end]
        timeout.received(len(records))
        if records:
            yield records
    kafka.pause(partition)  # records beyond `end` are not fetched
