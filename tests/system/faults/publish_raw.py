"""Puts any record on a topic, also one that no service of ours would write."""

from collections.abc import Sequence

from aiokafka import AIOKafkaProducer

from shared.chassis.config import Settings
from shared.contracts.topics import Topic


async def put(
    settings: Settings,
    topic: Topic,
    partition: int,
    key: bytes | None,
    value: bytes | None,
    headers: Sequence[tuple[str, bytes | None]],
    time: int | None = None,
) -> int:
    """Send one record, `time` in milliseconds since 1970; return its offset."""
    producer = AIOKafkaProducer(bootstrap_servers=settings.kafka_bootstrap, acks="all", request_timeout_ms=10_000)
    await producer.start()
    try:
        sent = await producer.send_and_wait(
            settings.named(topic.name), value, key=key, partition=partition, timestamp_ms=time, headers=list(headers)
        )
    finally:
        await producer.stop()
    return int(sent.offset)
