"""Puts one event on its topic as the relay of its service would, for tests of who hears it."""

from datetime import UTC, datetime

from aiokafka import AIOKafkaProducer

from shared.chassis.config import Settings
from shared.chassis.ids import uuid7
from shared.contracts.base import DomainEvent, to_milliseconds
from shared.contracts.envelope import Envelope, headers_of
from shared.contracts.topics import Topic


async def feed(
    settings: Settings,
    topic: Topic,
    subject: str,
    sequence: int,
    event: DomainEvent,
    *,
    id: str | None = None,
    time: datetime | None = None,
) -> None:
    """Send an event and return when the broker has it. `id` is a new one and `time` is now where they are not given.

    Sending with the same `id` and `sequence` again is a redelivery. The topics must be there: `serving` makes them.
    """
    assert type(event) in topic.events, f"{event.TYPE} is not in the catalogue of {topic.name}"
    moment = to_milliseconds(time or datetime.now(UTC))
    event_id = id or uuid7(moment, sequence % 4096)
    envelope = Envelope(
        id=event_id,
        type=event.TYPE,
        source=f"/distretti/{topic.producer}",
        subject=subject,
        time=moment,
        sequence=sequence,
        correlation=event_id,
        data=event.model_dump_json().encode(),
    )
    headers = [(name, value.encode()) for name, value in headers_of(envelope).items()]
    producer = AIOKafkaProducer(bootstrap_servers=settings.kafka_bootstrap, acks="all", request_timeout_ms=10_000)
    await producer.start()
    try:
        await producer.send_and_wait(settings.named(topic.name), envelope.data, subject.encode(), headers=headers)
    finally:
        await producer.stop()
