"""Sends record batches to Kafka; a batch counts as sent when every in-sync replica has acknowledged it."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from shared.chassis.config import Settings
from shared.chassis.kafka.topics import partition_of
from shared.chassis.mongo import Document

BATCH_BYTES = 512 * 1024
CLOSING_SECONDS = 3


class RecordRefused(Exception):
    """The broker will not take these records, however often they are sent."""


class OutboxProducer:
    """Appends outbox documents to their topics. A producer that failed for good is replaced by a new one."""

    def __init__(self, settings: Settings, client: str) -> None:
        self._settings = settings
        self._client = client
        self._producer: AIOKafkaProducer | None = None
        self._changing = asyncio.Lock()
        self._partitions: dict[str, int] = {}

    async def partition(self, topic: str, key: str) -> int:
        """The partition of an aggregate's events. Raises KafkaError while the broker does not answer."""
        if topic not in self._partitions:
            producer = await self._ready()
            self._partitions[topic] = len(await producer.partitions_for(self._settings.named(topic)))
        return partition_of(key, self._partitions[topic])

    async def append(self, documents: Sequence[Document], partition: int) -> int:
        """Append the first of these events, all of one topic, as one record batch; return how many it holds, at least one.

        The broker takes a batch whole or not at all, and in order: so an event is never there without those before it.
        Raises RecordRefused where a retry is futile, KafkaError or TimeoutError otherwise; then their fate is unknown.
        """
        producer = await self._ready()
        batch = producer.create_batch()
        for document in documents:
            headers = [(name, text.encode()) for name, text in document["headers"].items()]
            value = document["value"].encode()
            if batch.append(timestamp=None, key=document["key"].encode(), value=value, headers=headers) is None:
                break
        batch.close()
        try:
            sending = await producer.send_batch(batch, self._settings.named(documents[0]["topic"]), partition=partition)
            await asyncio.wait_for(sending, self._settings.kafka_timeout * 2)
        except (KafkaError, TimeoutError) as error:
            await self._replace(producer)
            if isinstance(error, KafkaError) and not error.retriable:
                raise RecordRefused(repr(error)) from error
            raise
        return int(batch.record_count())

    async def start(self) -> None:
        """Connect. Raises KafkaError."""
        await self._ready()

    async def stop(self) -> None:
        """Send what is under way, then disconnect."""
        if self._producer is not None:
            await self._producer.stop()

    async def _ready(self) -> AIOKafkaProducer:
        async with self._changing:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self._settings.kafka_bootstrap,
                    client_id=self._client,
                    acks="all",
                    enable_idempotence=True,
                    max_batch_size=BATCH_BYTES,
                    request_timeout_ms=int(self._settings.kafka_timeout * 1000),
                )
                await producer.start()
                self._producer = producer
            return self._producer

    async def _replace(self, failed: AIOKafkaProducer) -> None:
        """Discard a producer whose sequence numbers the broker rejects: all its later batches would fail too."""
        async with self._changing:
            if self._producer == failed:
                self._producer = None
        with suppress(Exception):
            await asyncio.wait_for(failed.stop(), CLOSING_SECONDS)
