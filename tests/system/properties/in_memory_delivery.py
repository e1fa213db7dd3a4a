"""Hands batches to consumers as their subscription would, on a real MongoDB and without Kafka."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from distretti.ops.services import declarations
from shared.chassis.config import Settings
from shared.chassis.inbox.handler import Handler
from shared.chassis.inbox.held_events import INDEXES, WAITING
from shared.chassis.inbox.message import Received
from shared.chassis.inbox.positions import POSITIONS, Superseded
from shared.chassis.kafka.topics import Partitions
from shared.chassis.mongo import Document, Index, Mongo, ensure_indexes, is_transient
from shared.chassis.outbox.outbox import OUTBOX
from shared.chassis.projections.projection import DIRTY
from shared.chassis.writes.claims import CLAIMS


@dataclass
class Ground:
    """A database of its own, emptied between examples."""

    mongo: Mongo

    async def clear(self) -> None:
        for name in await self.mongo.database.list_collection_names():
            await self.mongo[name].delete_many({})

    async def positions(self, consumer: str) -> dict[str, int]:
        """How far a consumer came, by stream."""
        start = f"{consumer}|"
        stored = self.mongo[POSITIONS].find({"_id": {"$gte": start, "$lt": start[:-1] + "}"}})
        return {document["_id"].removeprefix(start): document["sequence"] async for document in stored}

    async def waiting(self, consumer: str) -> list[Document]:
        return await self.mongo[WAITING].find({"consumer": consumer}, {"record": 0}).to_list(None)


async def ground(settings: Settings, name: str = "properties", *collections: str) -> Ground:
    """Make a database with the collections of every service's projections."""
    mongo = Mongo(settings.mongo_url, settings.named(name), settings.mongo_timeout)
    required: dict[str, Sequence[Index]] = {WAITING: INDEXES}
    named = (POSITIONS, DIRTY, OUTBOX, CLAIMS, *collections)
    projected = (projection.collection for service in declarations() for projection in service.projections)
    await ensure_indexes(mongo, required | {collection: [] for collection in (*named, *projected)})
    return Ground(mongo)


async def deliver(handler: Handler, batches: Sequence[Sequence[Received]], redrive: bool = False) -> None:
    """Hand over one batch after the other, each again until it is applied, as the subscription does."""
    for batch in batches:
        await until_done(lambda batch=batch: handler.consume(batch))  # type: ignore[misc]
        if redrive:
            await until_done(lambda: handler.redrive(everywhere(handler)))


def everywhere(handler: Handler) -> Partitions:
    """All partitions, as of a member that has its group to itself."""
    return {topic.name: set(range(topic.partitions)) for topic in handler.topics}


async def until_done(work: Callable[[], Awaitable[None]]) -> None:
    """Do it again while another consumer was quicker."""
    while True:
        try:
            await work()
        except Exception as error:
            if not (isinstance(error, Superseded) or is_transient(error)):
                raise
            await asyncio.sleep(0)
        else:
            return
