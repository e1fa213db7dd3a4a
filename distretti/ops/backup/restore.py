"""Restores a backup to an empty system whose services are stopped: databases, then topics record by record.

No effect is repeated: positions are restored with the databases, so consumers, which start at the beginning of the topics,
drop every event they have applied.
"""

import asyncio
from pathlib import Path

from aiokafka import TopicPartition

from distretti.ops.backup.connections import System, connected
from distretti.ops.backup.errors import NotEmpty, RestoreError
from distretti.ops.backup.kafka_dump import restore_producer, restore_topic
from distretti.ops.backup.manifest import Manifest
from distretti.ops.backup.mongo_dump import restore_database, saved_collections
from shared.chassis.clock import utc_now
from shared.chassis.config import Settings
from shared.chassis.dead_letters.operator_actions import ACTIONS
from shared.chassis.inbox.held_events import WAITING
from shared.chassis.inbox.topic_ids import TOPIC_IDS
from shared.chassis.kafka.topics import create_topics
from shared.chassis.mongo import ASCENDING, Document, Mongo
from shared.chassis.progress import Begin
from shared.chassis.workers.lease import LEASES
from shared.contracts.topics import CATALOGUE

RecordId = tuple[str, int, int]
"""A topic of the catalogue, a partition, an offset."""


async def restore(settings: Settings, directory: Path, manifest: Manifest, begin: Begin, replication: int = 1) -> None:
    """Restore a backup, given its manifest from `read_checked`. Raises RestoreError; NotEmpty before anything is written."""
    _check_catalogue(manifest)
    async with connected(settings) as system:
        await check_empty(system)
        await create_topics(settings.kafka_bootstrap, settings.namespace, replication)
        # Before the topics: a service started too early would take records for new ones if it had no positions.
        for service, collections in manifest.databases.items():
            step = begin(service, sum(saved.documents for saved in collections.values()))
            await restore_database(service, system.stores[service], collections, directory, step)
            await system.stores[service][TOPIC_IDS].delete_many({})
        await _restore_topics(system, directory, manifest, begin)


def _check_catalogue(manifest: Manifest) -> None:
    partitions = {topic.name: topic.partitions for topic in CATALOGUE}
    for name, topic in manifest.topics.items():
        if partitions.get(name) != topic.partitions:
            raise RestoreError(
                f"The backup has {name} with {topic.partitions} partitions, this version has {partitions.get(name, 'none')}: "
                f"restore with version {manifest.distretti}."
            )


async def check_empty(system: System) -> None:
    """Raise NotEmpty where a database or topic has content, or a service runs."""
    advice = "Restore to an empty system, with its services stopped."
    for service, store in system.stores.items():
        if await store[LEASES].find_one({"until": {"$gt": utc_now()}}):
            raise NotEmpty(f"{service} runs. {advice}")
        for name in await saved_collections(store):
            if await store[name].find_one({}, {"_id": 1}):
                raise NotEmpty(f"The database of {service} has documents in {name}. {advice}")
    present = set(await system.admin.list_topics())
    for topic in CATALOGUE:
        if (name := system.settings.named(topic.name)) in present:
            ends = await system.kafka.end_offsets([TopicPartition(name, number) for number in range(topic.partitions)])
            if any(ends.values()):
                raise NotEmpty(f"The topic {name} has records. {advice}")


async def _restore_topics(system: System, directory: Path, manifest: Manifest, begin: Begin) -> None:
    unreadable = [await _unreadable_records(store) for store in system.stores.values()]
    references = set().union(*unreadable)
    new_offsets: dict[RecordId, int] = {}

    def moved(topic: str, partition: int, before: int, after: int) -> None:
        if before != after and (topic, partition, before) in references:
            new_offsets[topic, partition, before] = after

    step = begin("topics", manifest.records)
    async with restore_producer(system.settings) as producer:
        for topic in manifest.topics:
            await restore_topic(producer, system.settings, topic, directory, moved, step)
    if (count := sum((await system.ends()).values())) != manifest.records:
        raise RestoreError(
            f"The topics have {count} records, the backup {manifest.records}: repeat the restore on an empty system."
        )
    await asyncio.gather(*(_update_references(store, new_offsets) for store in system.stores.values()))


async def _unreadable_records(store: Mongo) -> set[RecordId]:
    """Dead letters that are no events, also dropped ones: they are identified by offset, which a compacted topic changes."""
    fields = {"record.topic": 1, "record.partition": 1, "record.offset": 1}
    records = [document["record"] async for document in store[WAITING].find({"lane": None}, fields)]
    dropped = {_record_of(act) async for act in store[ACTIONS].find({"lane": None}, {"record": 0})}
    return {(record["topic"], record["partition"], record["offset"]) for record in records} | dropped


def _record_of(act: Document) -> RecordId:
    return act["topic"], act["partition"], int(act["entry"].rpartition("@")[2])


async def _update_references(store: Mongo, new_offsets: dict[RecordId, int]) -> None:
    """Identify dead letters by their new offsets, so that their records do not become dead letters twice."""
    # In the order of offsets, which only decrease: no document takes the id of one that is yet to be renamed.
    for document in await store[WAITING].find({"lane": None}).sort("record.offset", ASCENDING).to_list(None):
        record = document["record"]
        topic, partition, before = record["topic"], record["partition"], record["offset"]
        if (after := new_offsets.get((topic, partition, before))) is not None:
            id = f"{document['consumer']}|{topic}|{partition}@{after}"
            await store[WAITING].delete_one({"_id": document["_id"]})
            await store[WAITING].insert_one({**document, "_id": id, "record": {**record, "offset": after}})
    for act in sorted(await store[ACTIONS].find({"lane": None}, {"record": 0}).to_list(None), key=_record_of):
        topic, partition, before = _record_of(act)
        if (after := new_offsets.get((topic, partition, before))) is not None:
            entry = f"{act['consumer']}|{topic}|{partition}@{after}"
            await store[ACTIONS].update_one({"_id": act["_id"]}, {"$set": {"entry": entry}})
