"""Topics read whole, a partition at a time, in no consumer group."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeAlias

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from shared.chassis.config import Settings

SILENT_SECONDS = 60
KafkaRecord: TypeAlias = "ConsumerRecord[bytes | None, bytes | None]"


class KafkaSilent(Exception):
    """Kafka gave no record for a minute, though there were more to come."""


class Patience:
    """Waits for records of one place for `SILENT_SECONDS` at most: the client itself would ask for ever."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._heard = time.monotonic()

    def heard(self, count: int) -> None:
        """Note how many records came. Raises KafkaSilent."""
        if count:
            self._heard = time.monotonic()
        elif time.monotonic() - self._heard > SILENT_SECONDS:
            raise KafkaSilent(f"Kafka gave no record of {self._place} for {SILENT_SECONDS} s: see its log.")


def reader(settings: Settings) -> AIOKafkaConsumer:
    """Make a client that is in no consumer group and commits nothing."""
    return AIOKafkaConsumer(
        bootstrap_servers=settings.kafka_bootstrap,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        # What is asked beside a fetch waits for its answer: were it held back, each new partition would be.
        fetch_max_wait_ms=1,
        # A topic that is new to the client is not found at first, and asked for again after this.
        retry_backoff_ms=20,
        request_timeout_ms=int(settings.kafka_timeout * 1000),
    )


@asynccontextmanager
async def reading(settings: Settings) -> AsyncIterator[AIOKafkaConsumer]:
    """Open a reader, and close it again."""
    kafka = reader(settings)
    await kafka.start()
    try:
        yield kafka
    finally:
        await kafka.stop()


async def read_partition(
    kafka: AIOKafkaConsumer, place: TopicPartition, end: int, most: int | None = None
) -> AsyncIterator[list[KafkaRecord]]:
    """Read a partition from its beginning to `end`, at most so many records at a time. Raises KafkaSilent."""
    begin = (await kafka.beginning_offsets([place]))[place]
    if begin >= end:
        return
    kafka.assign([place])
    kafka.seek(place, begin)
    patience = Patience(f"{place.topic} {place.partition}")
    while await kafka.position(place) < end:
        lanes = await kafka.getmany(place, timeout_ms=1000, max_records=most)
        found = [record for record in lanes.get(place, []) if record.offset < end]
        patience.heard(len(found))
        if found:
            yield found
    kafka.pause(place)  # what is not there yet is not waited for
