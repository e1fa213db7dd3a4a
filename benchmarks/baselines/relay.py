"""A hand-written relay: find unsent documents in order, send each with its key, await all acknowledgements, mark them sent.

Batches are as large as the chassis' relay's, all in-sync replicas acknowledge, and the producer is idempotent. The producer
keeps the order within a key: one batch in flight per partition.
It leaves out: the lease, waiting for the previous event's acknowledgement (a batch that fails for good would be overtaken by
the next), failures, waking after a commit, metrics, logs.
"""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaProducer
from pymongo.read_concern import ReadConcern

from benchmarks.baselines.stores import database
from benchmarks.stopwatch import Stopwatch
from shared.chassis.config import Settings
from shared.chassis.outbox.outbox import outbox_indexes

BATCH = 500


async def drain(settings: Settings, name: str, outbox: Iterable[dict[str, Any]]) -> float:
    """Send these outbox documents; return the seconds from the first query to the last mark."""
    stopwatch = Stopwatch()
    producer = AIOKafkaProducer(bootstrap_servers=settings.kafka_bootstrap, acks="all", enable_idempotence=True)
    await producer.start()
    try:
        async with database(settings, name, "outbox") as store:
            for keys, options in outbox_indexes(7):
                await store.outbox.create_index(list(keys), **options)
            await store.outbox.insert_many(list(outbox))
            unsent = store.outbox.with_options(read_concern=ReadConcern("snapshot"))
            stopwatch.start()
            while documents := await unsent.find({"status": "unsent"}).sort("_id", 1).limit(BATCH).to_list(None):
                acknowledged = []
                for document in documents:
                    headers = [(key, value.encode()) for key, value in document["headers"].items()]
                    value, key = document["value"].encode(), document["key"].encode()
                    acknowledged.append(await producer.send(settings.named(document["topic"]), value, key, headers=headers))
                await asyncio.gather(*acknowledged)
                ids = {"_id": {"$in": [document["_id"] for document in documents]}}
                await store.outbox.update_many(ids, {"$set": {"status": "sent", "sent": datetime.now(UTC)}})
            return stopwatch.seconds
    finally:
        await producer.stop()
