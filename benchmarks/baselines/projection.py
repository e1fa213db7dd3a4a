"""A projection by hand: aiokafka and Motor, one transaction a batch.

It writes what the chassis writes (documents, dirty marks, positions), as durably, in batches as big.
It leaves out: waiting room (gaps held, poison parked), undecodable records, unknown types, halving of a batch that fails,
retries, outages, rebalances, metrics, logs, traces.
"""

from pymongo import InsertOne, ReplaceOne, UpdateOne

from benchmarks.baselines.stores import Database, Fold, batches, database, members_topic, read, transaction
from benchmarks.stopwatch import Watch
from shared.chassis.config import Settings
from shared.contracts.base import DomainEvent


async def drain(settings: Settings, name: str, events: int, fold: Fold) -> float:
    """Fold so many events; return the seconds from the first fold to the last commit."""
    watch = Watch()
    async with database(settings, name, "members", "dirty", "positions") as store, members_topic(settings, name) as consumer:
        async for records in batches(consumer, settings.batch, events):
            heard = [read(record) for record in records]
            watch.start()
            await _apply(store, heard, fold)
    return watch.seconds


async def _apply(store: Database, heard: list[tuple[str, int, DomainEvent]], fold: Fold) -> None:
    subjects = {"_id": {"$in": list({subject for subject, _, _ in heard})}}
    before = {position["_id"]: position["sequence"] async for position in store.positions.find(subjects)}
    documents = {document["_id"]: document async for document in store.members.find(subjects)}
    reached: dict[str, int] = {}
    for subject, sequence, event in heard:
        if sequence == reached.get(subject, before.get(subject, 0)) + 1:
            documents[subject] = fold(documents.get(subject), event)
            reached[subject] = sequence
    if not reached:
        return
    changes = [ReplaceOne({"_id": id}, {**documents[id], "_id": id}, upsert=True) for id in reached]
    marks = [UpdateOne({"_id": id}, {"$set": {"by": sequence}}, upsert=True) for id, sequence in reached.items()]
    moves = [
        UpdateOne({"_id": id, "sequence": before[id]}, {"$set": {"sequence": sequence}})
        if id in before
        else InsertOne({"_id": id, "sequence": sequence})
        for id, sequence in reached.items()
    ]
    async with transaction(store) as session:
        await store.members.bulk_write(changes, ordered=False, session=session)
        await store.dirty.bulk_write(marks, ordered=False, session=session)
        result = await store.positions.bulk_write(moves, session=session)
        assert result.matched_count + result.inserted_count == len(moves), "somebody else consumes too"
