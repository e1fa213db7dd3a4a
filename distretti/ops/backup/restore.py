"""Restores a backup on an empty system, while no service runs: databases are loaded, topics put back record by record.

Nothing is sent again: positions are restored, and consumers, which start at the beginning, drop what they know.
"""

import asyncio
from pathlib import Path

from aiokafka import TopicPartition

from distretti.ops.backup.connections import System, connected
from distretti.ops.backup.create import Begin
from distretti.ops.backup.errors import NotEmpty, RestoreError
from distretti.ops.backup.kafka_dump import putting_back, restore_topic
from distretti.ops.backup.manifest import Manifest
from distretti.ops.backup.mongo_dump import kept_collections, restore_database
from shared.chassis.clock import utc_now
from shared.chassis.config import Settings
from shared.chassis.dead_letters.operator_actions import ACTS
from shared.chassis.inbox.held_events import WAITING
from shared.chassis.kafka.topics import create_topics
from shared.chassis.mongo import ASCENDING, Document, Mongo
from shared.chassis.workers.lease import LEASES
from shared.contracts.topics import CATALOGUE

Place = tuple[str, int, int]
"""A topic of the catalogue, a partition, an offset."""


async def restore(settings: Settings, directory: Path, manifest: Manifest, begin: Begin, replication: int = 1) -> None:
    """Restore a backup whose manifest was `checked`. Raises RestoreError; NotEmpty before anything is written."""
    _check_catalogue(manifest)
    async with connected(settings) as system:
        await check_empty(system)
        await create_topics(settings.kafka_bootstrap, settings.namespace, replication)
        # Before the topics: a service that was started too early would take them for news if it knew no positions.
        for service, collections in manifest.databases.items():
            step = begin(service, sum(one.documents for one in collections.values()))
            await restore_database(service, system.stores[service], collections, directory, step)
        await _restore_topics(system, directory, manifest, begin)


def _check_catalogue(manifest: Manifest) -> None:
    here = {topic.name: topic.partitions for topic in CATALOGUE}
    for name, topic in manifest.topics.items():
        if here.get(name) != topic.partitions:
            raise RestoreError(
                f"The backup has {name} with {topic.partitions} partitions, this version has {here.get(name, 'none')}: "
                f"restore with version {manifest.distretti}."
            )


async def check_empty(system: System) -> None:
    """Raise NotEmpty where a database or a topic of the system has anything, or a service runs."""
    advice = "Restore on an empty system, with its services stopped."
    for service, store in system.stores.items():
        if await store[LEASES].find_one({"until": {"$gt": utc_now()}}):
            raise NotEmpty(f"{service} runs. {advice}")
        for name in await kept_collections(store):
            if await store[name].find_one({}, {"_id": 1}):
                raise NotEmpty(f"The database of {service} has documents in {name}. {advice}")
    present = set(await system.admin.list_topics())
    for topic in CATALOGUE:
        if (name := system.settings.named(topic.name)) in present:
            ends = await system.kafka.end_offsets([TopicPartition(name, number) for number in range(topic.partitions)])
            if any(ends.values()):
                raise NotEmpty(f"The topic {name} has records. {advice}")


async def _restore_topics(system: System, directory: Path, manifest: Manifest, begin: Begin) -> None:
    parked = {service: await _parked_by_offset(store) for service, store in system.stores.items()}
    wanted = {place for places in parked.values() for place in places}
    now: dict[Place, int] = {}

    def moved(topic: str, partition: int, before: int, after: int) -> None:
        if before != after and (topic, partition, before) in wanted:
            now[topic, partition, before] = after

    step = begin("topics", manifest.records)
    async with putting_back(system.settings) as producer:
        for topic in manifest.topics:
            await restore_topic(producer, system.settings, topic, directory, moved, step)
    if (count := sum((await system.ends()).values())) != manifest.records:
        raise RestoreError(f"The topics have {count} records, the backup {manifest.records}: start again on an empty system.")
    await asyncio.gather(*(_follow(store, now) for store in system.stores.values()))


async def _parked_by_offset(store: Mongo) -> set[Place]:
    """Find the records that are no events, parked or dropped.

    They are known by their offsets, which close up where a topic was compacted.
    """
    found = store[WAITING].find({"lane": None}, {"record.topic": 1, "record.partition": 1, "record.offset": 1})
    parked = {(one["record"]["topic"], one["record"]["partition"], one["record"]["offset"]) async for one in found}
    return parked | {_acted_on(act) async for act in store[ACTS].find({"lane": None}, {"record": 0})}


def _acted_on(act: Document) -> Place:
    return act["topic"], act["partition"], int(act["entry"].rpartition("@")[2])


async def _follow(store: Mongo, now: dict[Place, int]) -> None:
    """Name parked and dropped records by their offsets of now, so that they are not parked a second time."""
    # In the order of offsets, which only grow smaller: none takes the name of one that has yet to move.
    for document in await store[WAITING].find({"lane": None}).sort("record.offset", ASCENDING).to_list(None):
        record = document["record"]
        topic, partition, before = record["topic"], record["partition"], record["offset"]
        if (after := now.get((topic, partition, before))) is not None:
            id = f"{document['consumer']}|{topic}|{partition}@{after}"
            await store[WAITING].delete_one({"_id": document["_id"]})
            await store[WAITING].insert_one({**document, "_id": id, "record": {**record, "offset": after}})
    for act in sorted(await store[ACTS].find({"lane": None}, {"record": 0}).to_list(None), key=_acted_on):
        topic, partition, before = _acted_on(act)
        if (after := now.get((topic, partition, before))) is not None:
            entry = f"{act['consumer']}|{topic}|{partition}@{after}"
            await store[ACTS].update_one({"_id": act["_id"]}, {"$set": {"entry": entry}})
