"""A hand-written projection: aiokafka and Motor, one transaction per batch.

It writes what the chassis writes (documents, dirty marks, positions), as durably, in batches of the same size.
It leaves out: held events and dead letters, undecodable records, unknown types, splitting of failed batches, retries,
outages, rebalances, metrics, logs, traces.
"""

from pymongo import InsertOne, ReplaceOne, UpdateOne

from benchmarks.baselines.stores import Database, Fold, batches, database, members_topic, read, transaction
from benchmarks.stopwatch import Stopwatch
from shared.chassis.config import Settings
from shared.contracts.base import DomainEvent


async def drain(settings: Settings, name: str, events: int, fold: Fold) -> float:
    """Fold so many events; return the seconds from the first fold to the last commit."""
    stopwatch = Stopwatch()
    async with database(settings, name, "members", "dirty", "positions") as store, members_topic(settings, name) as consumer:
        async for records in batches(consumer, settings.batch, events):
            stopwatch.start()
            await _apply(store, [read(record) for record in records], fold)
    return stopwatch.seconds


async def _apply(store: Database, events: list[tuple[str, int, DomainEvent]], fold: Fold) -> None:
    subjects = {"_id": {"$in": list({subject for subject, _, _ in events})}}
    before = {position["_id"]: position["sequence"] async for position in store.positions.find(subjects)}
    documents = {document["_id"]: document async for document in store.members.find(subjects)}
    applied: dict[str, int] = {}
    for subject, sequence, event in events:
        if sequence == applied.get(subject, before.get(subject, 0)) + 1:
            documents[subject] = fold(documents.get(subject), event)
            applied[subject] = sequence
    if not applied:
        return
    changes = [ReplaceOne({"_id": id}, {**documents[id], "_id": id}, upsert=True) for id in applied]
    marks = [UpdateOne({"_id": id}, {"$set": {"by": sequence}}, upsert=True) for id, sequence in applied.items()]
    moves = [
        UpdateOne({"_id": id, "sequence": before[id]}, {"$set": {"sequence": sequence}})
        if id in before
        else InsertOne({"_id": id, "sequence": sequence})
        for id, sequence in applied.items()
    ]
    async with transaction(store) as session:
        await store.members.bulk_write(changes, ordered=False, session=session)
        await store.dirty.bulk_write(marks, ordered=False, session=session)
        result = await store.positions.bulk_write(moves, session=session)
        assert result.matched_count + result.inserted_count == len(moves), "another consumer is running"
