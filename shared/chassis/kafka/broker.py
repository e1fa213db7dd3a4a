"""The FastStream broker, without the defaults that lose data."""

import asyncio

from faststream.kafka import KafkaBroker

from shared.chassis.config import Settings

METADATA_SECONDS = 5.0
"""The client's own five minutes are how long a topic that was created again would have no consumer."""


def make_broker(settings: Settings, client: str) -> KafkaBroker:
    """Create a broker that loses nothing: every replica acknowledges, retries do not repeat, no topic is created implicitly."""
    return KafkaBroker(
        settings.kafka_bootstrap,
        client_id=client,
        acks="all",
        enable_idempotence=True,
        allow_auto_create_topics=False,
        metadata_max_age_ms=int(METADATA_SECONDS * 1000),
        request_timeout_ms=int(settings.kafka_timeout * 1000),
        graceful_timeout=settings.grace,
        apply_types=False,
        logger=None,
    )


async def start_broker(broker: KafkaBroker) -> None:
    """Start all subscribers concurrently: each waits for its group, by Kafka's default three seconds."""
    await broker.connect()
    await asyncio.gather(*(subscriber.start() for subscriber in broker.subscribers))
    broker.running = True
