"""States that an older `evolve` made, folded again from their own events beside live commands."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.chassis.audit.aggregates import EventMissing, fold_to, unsent_of
from shared.chassis.audit.topic_log import TopicLog, topic_log
from shared.chassis.config import Settings
from shared.chassis.inbox.message import Received
from shared.chassis.kafka.topics import partition_of
from shared.chassis.mongo import Document, InsertOne, Mongo, Session, duplicate_as, retrying
from shared.chassis.rebuild.run import Begin
from shared.chassis.runtime.service import Service
from shared.chassis.writes.aggregate import Aggregate
from shared.chassis.writes.write_path import CLAIMS

ROUNDS = 5


class ClaimHeld(Exception):
    """What the state claims now is held by another aggregate."""


@dataclass
class Refolded:
    """How many states of an aggregate kind were folded again, and why others were left as they are, by id."""

    aggregate: str
    folded: set[str] = field(default_factory=set)
    left: dict[str, str] = field(default_factory=dict)

    @property
    def states(self) -> int:
        """How many states; one that a racing command made old again counts once."""
        return len(self.folded)


async def refold_service(service: Service, settings: Settings, begin: Begin) -> list[Refolded]:
    """Fold every state again whose `evolve` revision is not the one of this code. A second one at once does no harm."""
    mongo = Mongo(settings.mongo_url, settings.named(service.name), settings.mongo_timeout)
    try:
        async with topic_log(settings) as log:
            return [await _refold(mongo, aggregate, log, begin) for aggregate in service.aggregates]
    finally:
        mongo.close()


async def _refold(mongo: Mongo, aggregate: Aggregate[Any], log: TopicLog, begin: Begin) -> Refolded:
    done = Refolded(aggregate.name)
    step = begin(aggregate.name, await mongo[aggregate.collection].count_documents(_stale(aggregate)))
    for _ in range(ROUNDS):
        buckets: dict[int, list[str]] = defaultdict(list)
        async for document in mongo[aggregate.collection].find(_stale(aggregate), {"_id": 1}):
            buckets[partition_of(document["_id"], aggregate.topic.partitions)].append(document["_id"])
        done.left.clear()
        for partition, ids in buckets.items():
            before = done.states
            await _refold_partition(mongo, aggregate, log, partition, ids, done)
            step(done.states - before)
        if not done.left:
            break
    return done


def _stale(aggregate: Aggregate[Any]) -> Document:
    return {"evolve": {"$ne": aggregate.revision}}


async def _refold_partition(
    mongo: Mongo, aggregate: Aggregate[Any], log: TopicLog, partition: int, ids: list[str], done: Refolded
) -> None:
    # The states first: so every event of theirs is in the outbox or on the topic when these are read.
    states = await mongo[aggregate.collection].find({"_id": {"$in": ids}, **_stale(aggregate)}).to_list(None)
    unsent = await unsent_of(mongo, aggregate.topic)
    lanes, _ = await log.read(aggregate.topic, partition)
    for received in unsent:
        lanes.setdefault(received.id, {}).setdefault(received.sequence, received)
    for stored in states:
        try:
            if await _refold_one(mongo, aggregate, stored, lanes.get(stored["_id"], {})):
                done.folded.add(stored["_id"])
            else:
                done.left[stored["_id"]] = "it kept changing: run again"
        except (EventMissing, ClaimHeld) as reason:
            done.left[stored["_id"]] = str(reason)


async def _refold_one(mongo: Mongo, aggregate: Aggregate[Any], stored: Document, events: Mapping[int, Received]) -> bool:
    """Replace one state and its claims; False where a command has changed it meanwhile."""
    id = stored["_id"]
    state = fold_to(aggregate, stored["version"], events)
    wanted = set(aggregate.claims(id, state))

    async def body(session: Session) -> bool:
        at_version = {"_id": id, "version": stored["version"], "evolve": stored["evolve"]}
        change = {"$set": {"state": aggregate.dump(state), "evolve": aggregate.revision}}
        result = await mongo[aggregate.collection].update_one(at_version, change, session=session)
        if not result.matched_count:
            return False
        mine = {"holder": id, "aggregate": aggregate.name}
        held = {claim["_id"] async for claim in mongo[CLAIMS].find(mine, session=session)}
        await mongo[CLAIMS].delete_many({"_id": {"$in": sorted(held - wanted)}, **mine}, session=session)
        if added := [InsertOne({"_id": claim, **mine}) for claim in sorted(wanted - held)]:
            with duplicate_as(ClaimHeld):
                await mongo[CLAIMS].bulk_write(added, session=session)
        return True

    try:
        return await retrying(lambda: mongo.transact(body))
    except ClaimHeld:
        taken = mongo[CLAIMS].find({"_id": {"$in": sorted(wanted)}, "holder": {"$ne": id}})
        holders = [f"{claim['_id']} by {claim['holder']}" async for claim in taken]
        raise ClaimHeld(f"what it claims now is held: {', '.join(holders)}") from None
