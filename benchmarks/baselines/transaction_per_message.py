"""A projection as in FastStream's documentation: a handler per message, here with a transaction of its own, then an ack."""

import asyncio

from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.annotations import KafkaMessage

from benchmarks.baselines.stores import Fold, database, read, transaction
from benchmarks.stopwatch import LONGEST_SECONDS, Stopwatch
from shared.chassis.config import Settings
from shared.contracts.topics import MEMBERS


async def drain(settings: Settings, name: str, events: int, fold: Fold) -> float:
    """Fold so many events; return the seconds from the first to the last ack."""
    stopwatch = Stopwatch()
    seen = 0
    done = asyncio.Event()
    broker = KafkaBroker(settings.kafka_bootstrap, logger=None)
    subscriber = broker.subscriber(
        settings.named(MEMBERS.name),
        group_id=settings.named(name),
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.MANUAL,
        no_reply=True,
    )
    async with database(settings, name, "members", "dirty", "positions") as store:

        @subscriber
        async def handle(message: KafkaMessage) -> None:
            nonlocal seen
            subject, sequence, event = read(message.raw_message)
            stopwatch.start()
            async with transaction(store) as session:
                position = await store.positions.find_one({"_id": subject}, session=session)
                if sequence == (position["sequence"] if position else 0) + 1:
                    document = fold(await store.members.find_one({"_id": subject}, session=session), event)
                    key = {"_id": subject}
                    await store.members.replace_one(key, {**document, **key}, upsert=True, session=session)
                    await store.dirty.update_one(key, {"$set": {"by": sequence}}, upsert=True, session=session)
                    await store.positions.update_one(key, {"$set": {"sequence": sequence}}, upsert=True, session=session)
            await message.ack()
            seen += 1
            if seen == events:
                done.set()

        async with broker:
            await broker.start()
            await asyncio.wait_for(done.wait(), LONGEST_SECONDS)
            seconds = stopwatch.seconds
    return seconds
