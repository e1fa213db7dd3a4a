"""Shared by the hand-written loops: clients with the chassis' guarantees, transactions, decoding of records."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorClientSession, AsyncIOMotorDatabase
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from shared.chassis.config import Settings
from shared.contracts.base import TYPE_PREFIX, DomainEvent
from shared.contracts.topics import EVENT_TYPES, MEMBERS

Document: TypeAlias = dict[str, Any]
Database: TypeAlias = AsyncIOMotorDatabase[Document]
Fold = Callable[[Document | None, DomainEvent], Document]


@asynccontextmanager
async def database(settings: Settings, name: str, *collections: str) -> AsyncIterator[Database]:
    """Open a database with majority writes, and create its collections."""
    client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(settings.mongo_url, tz_aware=True, w="majority")
    opened = client.get_database(settings.named(name))
    for collection in collections:
        await opened.create_collection(collection)
    try:
        yield opened
    finally:
        client.close()


@asynccontextmanager
async def transaction(database: Database) -> AsyncIterator[AsyncIOMotorClientSession]:
    """Open a transaction, committed with majority write concern at the end of the block."""
    majority = WriteConcern("majority")
    async with await database.client.start_session() as session, session.start_transaction(ReadConcern("snapshot"), majority):
        yield session


@asynccontextmanager
async def members_topic(settings: Settings, group: str) -> AsyncIterator[AIOKafkaConsumer]:
    """Consume the members' topic from its beginning; the caller commits offsets."""
    consumer = AIOKafkaConsumer(
        settings.named(MEMBERS.name),
        bootstrap_servers=settings.kafka_bootstrap,
        group_id=settings.named(group),
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    await consumer.start()
    try:
        yield consumer
    finally:
        await consumer.stop()


async def batches(consumer: AIOKafkaConsumer, size: int, events: int) -> AsyncIterator[list["ConsumerRecord[bytes, bytes]"]]:
    """Fetched records in batches of at most `size`; a batch's offsets are committed when the next one is requested."""
    seen = 0
    while seen < events:
        partitions = await consumer.getmany(timeout_ms=500, max_records=size)
        records = [record for fetched in partitions.values() for record in fetched]
        if records:
            yield records
            await consumer.commit()
            seen += len(records)


def read(record: "ConsumerRecord[bytes, bytes]") -> tuple[str, int, DomainEvent]:
    """Decode an event with its aggregate and its sequence."""
    headers = dict(record.headers)
    kind = EVENT_TYPES[headers["ce_type"].decode().removeprefix(TYPE_PREFIX)]
    event = kind.model_validate_json(record.value, extra="ignore")
    return headers["ce_subject"].decode(), int(headers["ce_sequence"]), event
