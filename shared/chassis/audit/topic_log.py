"""Reads topics from their beginning, a partition at a time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.chassis.config import Settings
from shared.chassis.inbox.message import Received, Record, receive
from shared.chassis.kafka.topic_reader import read_partition, reading
from shared.contracts.envelope import Undecodable
from shared.contracts.topics import Topic

Streams = dict[str, dict[int, Received]]
"""Events by aggregate id and sequence."""


class TopicLog:
    """Reads whole partitions, from the beginning to where they end now. Raises KafkaSilent where nothing comes."""

    def __init__(self, kafka: AIOKafkaConsumer, settings: Settings) -> None:
        self._kafka = kafka
        self._settings = settings

    async def read(self, topic: Topic, partition: int) -> tuple[Streams, list[str]]:
        """Return the events of a partition, and what is corrupt: one sequence of an aggregate under two ids."""
        streams: Streams = {}
        corrupt: list[str] = []
        async for record in self._records(topic, partition):
            try:
                received = receive(record)
            except Undecodable:
                continue  # consumers park it; it belongs to no aggregate
            stream = streams.setdefault(received.id, {})
            first = stream.setdefault(received.sequence, received)
            if first.envelope.id != received.envelope.id:
                corrupt.append(f"{received.id} {received.sequence}: {first.envelope.id} and {received.envelope.id}")
        return streams, corrupt

    async def count(self, topics: list[Topic]) -> int:
        """Count the records of topics by their offsets; on compacted ones some may be gone."""
        places = [TopicPartition(self._settings.named(topic.name), n) for topic in topics for n in range(topic.partitions)]
        return sum((await self._kafka.end_offsets(places)).values())

    async def _records(self, topic: Topic, partition: int) -> AsyncIterator[Record]:
        place = TopicPartition(self._settings.named(topic.name), partition)
        end = (await self._kafka.end_offsets([place]))[place]
        async for records in read_partition(self._kafka, place, end):
            for raw in records:
                yield Record(topic.name, partition, raw.offset, raw.key, tuple(raw.headers), raw.value)


@asynccontextmanager
async def topic_log(settings: Settings) -> AsyncIterator[TopicLog]:
    """Open a log."""
    async with reading(settings) as kafka:
        yield TopicLog(kafka, settings)
