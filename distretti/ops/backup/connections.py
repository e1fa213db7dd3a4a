"""Connections of backup and restore: every service's database, and Kafka."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiokafka import AIOKafkaConsumer, TopicPartition

from distretti.ops.services import declarations
from shared.chassis.config import Settings
from shared.chassis.kafka.admin import Admin
from shared.chassis.kafka.topic_reader import reader
from shared.chassis.mongo import Mongo
from shared.chassis.runtime.service import Service
from shared.contracts.topics import CATALOGUE


@dataclass(frozen=True)
class System:
    """Direct connections to the servers; `kafka` is in no consumer group and commits nothing."""

    settings: Settings
    services: Sequence[Service]
    stores: Mapping[str, Mongo]
    admin: Admin
    kafka: AIOKafkaConsumer

    async def ends(self) -> dict[TopicPartition, int]:
        """End offsets of every partition of the catalogue."""
        partitions = [
            TopicPartition(self.settings.named(topic.name), number) for topic in CATALOGUE for number in range(topic.partitions)
        ]
        offsets: dict[TopicPartition, int] = await self.kafka.end_offsets(partitions)
        return offsets


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[System]:
    """Connect to the servers of a system, whether its services run or not."""
    services = declarations()
    timeout = int(settings.kafka_timeout * 1000)
    admin = Admin(bootstrap_servers=settings.kafka_bootstrap, request_timeout_ms=timeout)
    kafka = reader(settings)
    names = [service.name for service in services]
    stores = {name: Mongo(settings.mongo_url, settings.named(name), settings.mongo_timeout) for name in names}
    try:
        await admin.start()
        await kafka.start()
        yield System(settings, services, stores, admin, kafka)
    finally:
        await kafka.stop()
        await admin.close()
        for store in stores.values():
            store.close()
