"""A hand-written reaction: aiokafka and Motor, one small transaction per event, sixteen aggregates concurrently.

It writes what the chassis writes (state under its version, outbox, position), as durably.
It leaves out: held events, missing facts, several steps per event, claims, retries after write conflicts, undecodable
records, unknown types, outages, rebalances, metrics, logs, traces.
"""

import asyncio
from collections import defaultdict
from datetime import UTC, datetime, timedelta

from aiokafka import ConsumerRecord

from benchmarks.baselines.stores import Database, batches, database, members_topic, read, transaction
from benchmarks.sample_aggregate import GREETING, evolve
from benchmarks.stopwatch import Stopwatch
from shared.chassis.config import Settings
from shared.chassis.ids import uuid7
from shared.chassis.outbox.outbox import outbox_indexes
from shared.contracts.base import to_milliseconds
from shared.contracts.envelope import Envelope, headers_of
from shared.contracts.notifications import MessageSent

CONCURRENCY = 16


async def drain(settings: Settings, name: str, events: int) -> float:
    """React to so many events; return the seconds from the first to the last commit."""
    stopwatch = Stopwatch()
    slots = asyncio.Semaphore(CONCURRENCY)
    async with database(settings, name, "greetings", "outbox", "positions") as store, members_topic(settings, name) as consumer:
        for keys, options in outbox_indexes(7):
            await store.outbox.create_index(list(keys), **options)
        async for records in batches(consumer, settings.batch, events):
            stopwatch.start()
            streams: dict[bytes, list[ConsumerRecord[bytes, bytes]]] = defaultdict(list)
            for record in records:
                streams[record.key].append(record)
            ids = [key.decode() for key in streams]
            positions = store.positions.find({"_id": {"$in": ids}})
            before = {position["_id"]: position["sequence"] async for position in positions}

            async def run(key: bytes, stream: list["ConsumerRecord[bytes, bytes]"], last: int | None) -> None:
                async with slots:
                    for record in stream:
                        last = await _react(store, record, last)

            await asyncio.gather(*(run(key, stream, before.get(key.decode())) for key, stream in streams.items()))
    return stopwatch.seconds


async def _react(store: Database, record: "ConsumerRecord[bytes, bytes]", last: int | None) -> int:
    """Execute a command: load, decide, save. Return the sequence applied last."""
    subject, sequence, _event = read(record)
    if sequence != (last or 0) + 1:
        return last or 0
    cause = dict(record.headers)["ce_id"].decode()
    sent = MessageSent(recipient=subject, template="greeting", cause=cause)
    stored = await store.greetings.find_one({"_id": subject})
    version = stored["version"] if stored else 0
    moment = to_milliseconds(datetime.now(UTC))
    if stored:
        moment = max(moment, stored["changed"] + timedelta(milliseconds=1))
    state = evolve(stored["state"] if stored else None, sent)
    document = {"_id": subject, "version": version + 1, "evolve": 1, "changed": moment, "state": state}
    outgoing = _outgoing(subject, version + 1, sent, moment, cause)
    async with transaction(store) as session:
        if last is None:
            await store.positions.insert_one({"_id": subject, "sequence": sequence}, session=session)
        else:
            move = {"_id": subject, "sequence": last}
            moved = await store.positions.update_one(move, {"$set": {"sequence": sequence}}, session=session)
            assert moved.matched_count, "another consumer is running"
        if stored:
            saved = await store.greetings.replace_one({"_id": subject, "version": version}, document, session=session)
            assert saved.matched_count, "another writer is running"
        else:
            await store.greetings.insert_one(document, session=session)
        await store.outbox.insert_one(outgoing, session=session)
    return sequence


def _outgoing(subject: str, sequence: int, event: MessageSent, moment: datetime, cause: str) -> dict[str, object]:
    id = uuid7(moment)
    envelope = Envelope(id, event.TYPE, "/distretti/greeter", subject, moment, sequence, cause, b"", cause)
    return {
        "_id": id,
        "status": "unsent",
        "topic": GREETING.topic.name,
        "key": subject,
        "sequence": sequence,
        "headers": headers_of(envelope),
        "value": event.model_dump_json(),
        "created": moment,
    }
