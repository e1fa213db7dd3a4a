"""A relay by hand: find the unsent in order, send each with its key, await all acknowledgements, mark them sent.

As many a round as the chassis' relay, all in-sync replicas acknowledge, and the producer is idempotent. Order within a key
is the producer's: one batch in flight a partition.
It leaves out: the lease, waiting for the event before to be acknowledged (a batch that fails for good would be passed by the
next), failures, waking after a commit, metrics, logs.
"""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaProducer
from pymongo.read_concern import ReadConcern

from benchmarks.baselines.stores import database
from benchmarks.stopwatch import Watch
from shared.chassis.config import Settings
from shared.chassis.outbox.outbox import outbox_indexes

BATCH = 500


async def drain(settings: Settings, name: str, outbox: Iterable[dict[str, Any]]) -> float:
    """Send these outbox documents; return the seconds from the first look to the last mark."""
    watch = Watch()
    producer = AIOKafkaProducer(bootstrap_servers=settings.kafka_bootstrap, acks="all", enable_idempotence=True)
    await producer.start()
    try:
        async with database(settings, name, "outbox") as store:
            for keys, options in outbox_indexes(7):
                await store.outbox.create_index(list(keys), **options)
            await store.outbox.insert_many(list(outbox))
            unsent = store.outbox.with_options(read_concern=ReadConcern("snapshot"))
            watch.start()
            while found := await unsent.find({"status": "unsent"}).sort("_id", 1).limit(BATCH).to_list(None):
                acknowledged = []
                for document in found:
                    headers = [(key, value.encode()) for key, value in document["headers"].items()]
                    value, key = document["value"].encode(), document["key"].encode()
                    acknowledged.append(await producer.send(settings.named(document["topic"]), value, key, headers=headers))
                await asyncio.gather(*acknowledged)
                ids = {"_id": {"$in": [document["_id"] for document in found]}}
                await store.outbox.update_many(ids, {"$set": {"status": "sent", "sent": datetime.now(UTC)}})
            return watch.seconds
    finally:
        await producer.stop()
