"""Aggregates against their topics: every state is the fold of its events, and every claim follows from a state."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from shared.chassis.audit.compare import Difference, canonical, first_difference
from shared.chassis.audit.topic_log import TopicLog
from shared.chassis.inbox.message import Received, Record, receive
from shared.chassis.kafka.topics import partition_of
from shared.chassis.mongo import Document, Mongo
from shared.chassis.outbox.outbox import OUTBOX, UNSENT
from shared.chassis.writes.aggregate import Aggregate
from shared.chassis.writes.claims import CLAIMS, claims_of, holders
from shared.contracts.topics import Topic

TRIES = 3


class EventMissing(Exception):
    """An event of an aggregate is neither on its topic nor in the outbox."""


async def audit_aggregate(service: str, mongo: Mongo, aggregate: Aggregate[Any], log: TopicLog) -> tuple[int, list[Difference]]:
    """Compare every state with the fold of its events at the same version; return their number, and the differences.

    One partition is in memory at a time. Differences are checked again, since the system runs meanwhile.
    """
    buckets: dict[int, list[str]] = defaultdict(list)
    async for document in mongo[aggregate.collection].find({}, {"_id": 1}):
        buckets[partition_of(document["_id"], aggregate.topic.partitions)].append(document["_id"])
    differences: list[Difference] = []
    for partition in range(aggregate.topic.partitions):
        in_partition: list[Difference] = []
        for _ in range(TRIES):
            in_partition = await _audit_partition(service, mongo, aggregate, log, partition, buckets[partition])
            if not in_partition:
                break
        differences += in_partition
    return sum(map(len, buckets.values())), differences


async def _audit_partition(
    service: str, mongo: Mongo, aggregate: Aggregate[Any], log: TopicLog, partition: int, ids: list[str]
) -> list[Difference]:
    # First the states, then the unsent, then the topic: an event of a state read here is in one of the two.
    states = {document["_id"]: document async for document in mongo[aggregate.collection].find({"_id": {"$in": ids}})}
    unsent = await unsent_of(mongo, aggregate.topic)
    streams, corrupt = await log.read(aggregate.topic, partition)
    for received in unsent:
        streams.setdefault(received.id, {}).setdefault(received.sequence, received)
    differences = [Difference(service, "topic", aggregate.topic.name, text.split()[0], f"two ids: {text}") for text in corrupt]
    for id in ids:
        if (difference := _compare(aggregate, states.get(id), streams.get(id, {}))) is not None:
            differences.append(Difference(service, "aggregate", aggregate.collection, id, difference))
    for id in streams.keys() - states.keys():
        if partition_of(id, aggregate.topic.partitions) == partition and not await _exists(mongo, aggregate, id):
            differences.append(
                Difference(service, "aggregate", aggregate.collection, id, "it is on the topic and not in the store")
            )
    for id, sequence in (await _beyond(mongo, aggregate, states, streams)).items():
        difference = f"event {sequence} is on the topic, and its aggregate never had it"
        differences.append(Difference(service, "topic", aggregate.topic.name, id, difference))
    return differences


async def _beyond(
    mongo: Mongo, aggregate: Aggregate[Any], states: Mapping[str, Document], streams: Mapping[str, Mapping[int, Received]]
) -> dict[str, int]:
    """Find aggregates with events newer than their state. They are read again: they may have been updated meanwhile."""
    newest = {id: max(streams[id]) for id, stored in states.items() if id in streams and max(streams[id]) > stored["version"]}
    async for stored in mongo[aggregate.collection].find({"_id": {"$in": list(newest)}}, {"version": 1}):
        if newest[stored["_id"]] <= stored["version"]:
            del newest[stored["_id"]]
    return newest


def _compare(aggregate: Aggregate[Any], stored: Document | None, events: Mapping[int, Received]) -> str | None:
    if stored is None:
        return "it disappeared from the store"
    try:
        state = fold_to(aggregate, stored["version"], events)
    except EventMissing as missing:
        return str(missing)
    return first_difference(canonical(stored["state"]), canonical(aggregate.dump(state)))


def fold_to(aggregate: Aggregate[Any], version: int, events: Mapping[int, Received]) -> Any:
    """Fold the events of an aggregate up to a version; on a compacted topic the newest is enough. Raises EventMissing."""
    state = None
    first = version if aggregate.topic.compacted else 1
    for sequence in range(first, version + 1):
        received = events.get(sequence)
        event = received.event() if received else None
        if event is None:
            raise EventMissing(f"event {sequence} of {version} is neither on the topic nor in the outbox")
        state = aggregate.evolve(state, event)
    return state


async def unsent_of(mongo: Mongo, topic: Topic) -> list[Received]:
    """Read the unsent events of a topic from the outbox."""
    documents = mongo[OUTBOX].find({**UNSENT, "topic": topic.name})
    return [receive(_record(document, topic)) async for document in documents]


def _record(document: Document, topic: Topic) -> Record:
    """The record that an outbox document will become, without its offset."""
    headers = tuple((name, value.encode()) for name, value in document["headers"].items())
    key: str = document["key"]
    return Record(topic.name, partition_of(key, topic.partitions), -1, key.encode(), headers, document["value"].encode())


async def _exists(mongo: Mongo, aggregate: Aggregate[Any], id: str) -> bool:
    return await mongo[aggregate.collection].find_one({"_id": id}, {"_id": 1}) is not None


async def audit_claims(service: str, mongo: Mongo, aggregates: tuple[Aggregate[Any], ...]) -> list[Difference]:
    """Compute all claims from the states, and compare them with the stored claims, in one snapshot."""
    expected: dict[str, set[str]] = defaultdict(set)
    async with mongo.snapshot() as session:
        for aggregate in aggregates:
            async for document in mongo[aggregate.collection].find({}, session=session):
                stored = aggregate.read(document)
                claims = claims_of(aggregate, stored.id, stored.state)
                for claim in claims.exclusive | claims.shared:
                    expected[claim].add(stored.id)
        held = {claim["_id"]: set(holders(claim)) async for claim in mongo[CLAIMS].find({}, session=session)}
    return [
        Difference(service, "claim", CLAIMS, claim, _held_otherwise(held.get(claim, set()), expected.get(claim, set())))
        for claim in sorted(held.keys() | expected.keys())
        if held.get(claim) != expected.get(claim)
    ]


def _held_otherwise(held: set[str], expected: set[str]) -> str:
    stored, computed = (", ".join(sorted(holders)) or "nobody" for holders in (held, expected))
    return f"held by {stored}, by the states it is {computed}'s"
