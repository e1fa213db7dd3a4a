"""Plain Kafka: the same records are produced and consumed, without a database."""

import time
from datetime import UTC, datetime

from aiokafka import AIOKafkaProducer

from benchmarks import member_events
from benchmarks.baselines.stores import members_topic
from benchmarks.latency_endpoints.pacer import all_ids, at_rates
from shared.chassis.config import Settings
from shared.contracts.base import to_milliseconds
from shared.contracts.topics import MEMBERS


async def send(settings: Settings, run: str, seconds: int) -> dict[str, float]:
    """Produce; return when each record was handed to the producer."""
    sent: dict[str, float] = {}
    producer = AIOKafkaProducer(bootstrap_servers=settings.kafka_bootstrap, acks="all", enable_idempotence=True)

    async def act(id: str, number: int) -> None:
        moment = to_milliseconds(datetime.now(UTC))
        (document,) = member_events.outbox_of(id, [member_events.applied(number)], moment)
        headers = [(key, value.encode()) for key, value in document["headers"].items()]
        sent[id] = time.monotonic()
        value, key = document["value"].encode(), document["key"].encode()
        await producer.send_and_wait(settings.named(MEMBERS.name), value, key, headers=headers)

    async with producer:
        print("ready", flush=True)
        await at_rates(run, seconds, act)
    return sent


async def receive(settings: Settings, run: str, seconds: int) -> dict[str, float]:
    """Consume; return when each record arrived."""
    expected = set(all_ids(run, seconds))
    received: dict[str, float] = {}
    async with members_topic(settings, "kafka") as consumer:
        # The first fetch reads the position of every partition, so that no later one waits for it.
        await consumer.getmany(timeout_ms=500)
        print("ready", flush=True)
        while not expected <= received.keys():
            for records in (await consumer.getmany(timeout_ms=500)).values():
                for record in records:
                    received.setdefault((record.key or b"").decode(), time.monotonic())
    return received
