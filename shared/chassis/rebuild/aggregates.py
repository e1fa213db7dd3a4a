"""Replays states of an older `evolve` from their own events, beside live commands."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.chassis.audit.aggregates import EventMissing, fold_to, unsent_of
from shared.chassis.audit.topic_log import TopicLog, topic_log
from shared.chassis.config import Settings
from shared.chassis.errors import Claimed
from shared.chassis.inbox.message import Received
from shared.chassis.kafka.topics import partition_of
from shared.chassis.mongo import Document, Mongo, Session, retrying
from shared.chassis.progress import Begin
from shared.chassis.runtime.service import Service
from shared.chassis.writes.aggregate import Aggregate
from shared.chassis.writes.claims import ClaimHeld, claimed, exchange_claims, held_claims

ROUNDS = 5


@dataclass
class ReplayedStates:
    """The replayed states of one kind of aggregate, and why others were left as they are, by id."""

    aggregate: str
    folded: set[str] = field(default_factory=set)
    left: dict[str, str] = field(default_factory=dict)

    @property
    def states(self) -> int:
        """Their number; a state replayed twice because of a racing command counts once."""
        return len(self.folded)


async def replay_service(service: Service, settings: Settings, begin: Begin) -> list[ReplayedStates]:
    """Replay every state whose `evolve` revision is not this code's. Two at once do no harm."""
    mongo = Mongo(settings.mongo_url, settings.named(service.name), settings.mongo_timeout)
    try:
        async with topic_log(settings) as log:
            return [await _replay(mongo, aggregate, log, begin) for aggregate in service.aggregates]
    finally:
        mongo.close()


async def _replay(mongo: Mongo, aggregate: Aggregate[Any], log: TopicLog, begin: Begin) -> ReplayedStates:
    done = ReplayedStates(aggregate.name)
    step = begin(aggregate.name, await mongo[aggregate.collection].count_documents(_stale(aggregate)))
    for _ in range(ROUNDS):
        buckets: dict[int, list[str]] = defaultdict(list)
        async for document in mongo[aggregate.collection].find(_stale(aggregate), {"_id": 1}):
            buckets[partition_of(document["_id"], aggregate.topic.partitions)].append(document["_id"])
        done.left.clear()
        for partition, ids in buckets.items():
            before = done.states
            await _replay_partition(mongo, aggregate, log, partition, ids, done)
            step(done.states - before)
        if not done.left:
            break
    return done


def _stale(aggregate: Aggregate[Any]) -> Document:
    return {"evolve": {"$ne": aggregate.revision}}


async def _replay_partition(
    mongo: Mongo, aggregate: Aggregate[Any], log: TopicLog, partition: int, ids: list[str], done: ReplayedStates
) -> None:
    # The states first: so every event of theirs is in the outbox or on the topic when these are read.
    states = await mongo[aggregate.collection].find({"_id": {"$in": ids}, **_stale(aggregate)}).to_list(None)
    unsent = await unsent_of(mongo, aggregate.topic)
    streams, _ = await log.read(aggregate.topic, partition)
    for received in unsent:
        streams.setdefault(received.id, {}).setdefault(received.sequence, received)
    for stored in states:
        try:
            if await _replay_state(mongo, aggregate, stored, streams.get(stored["_id"], {})):
                done.folded.add(stored["_id"])
            else:
                done.left[stored["_id"]] = "it kept changing: retry"
        except EventMissing as missing:
            done.left[stored["_id"]] = str(missing)
        except Claimed as refused:
            done.left[stored["_id"]] = f"a claim of the replayed state is held: {refused.claim} by {refused.holder}"


async def _replay_state(mongo: Mongo, aggregate: Aggregate[Any], stored: Document, events: Mapping[int, Received]) -> bool:
    """Replace one state and its claims; False where a command changed it meanwhile. Raises Claimed."""
    id = stored["_id"]
    state = fold_to(aggregate, stored["version"], events)

    async def body(session: Session) -> bool:
        at_version = {"_id": id, "version": stored["version"], "evolve": stored["evolve"]}
        change = {"$set": {"state": aggregate.dump(state), "evolve": aggregate.revision}}
        result = await mongo[aggregate.collection].update_one(at_version, change, session=session)
        if not result.matched_count:
            return False
        await exchange_claims(mongo, aggregate, id, await held_claims(mongo, aggregate, id, session), state, session)
        return True

    async def once() -> bool:
        try:
            return await mongo.transact(body)
        except ClaimHeld as held:
            raise await claimed(mongo, held) from None

    return await retrying(once)
