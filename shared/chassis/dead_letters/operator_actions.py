"""The ledger of what operators did about parked events: asked here, carried out by the running service, kept for good."""

from datetime import datetime
from typing import Literal

from shared.chassis.dead_letters.entries import Entry
from shared.chassis.ids import uuid7
from shared.chassis.mongo import ASCENDING, Document, Index, Mongo, Session, duplicate_as

ACTS = "parked_acts"
Act = Literal["retry", "drop", "look"]
PENDING = {"status": {"$in": ["asked", "draining"]}}
INDEXES: list[Index] = [
    ([("entry", ASCENDING)], {"unique": True, "partialFilterExpression": {"status": "asked"}}),
    ([("status", ASCENDING), ("_id", ASCENDING)], {}),
    ([("consumer", ASCENDING), ("outcome", ASCENDING)], {}),
]


class AlreadyAsked(Exception):
    """Another act on the same entry has yet to be carried out."""


async def ask(mongo: Mongo, act: Act, entry: Entry, document: Document, who: str, why: str, now: datetime) -> str:
    """Write an act, with who and why, for the running service to carry out; return its id.

    A look is done by being written. Raises AlreadyAsked where the entry has an act that is not carried out yet.
    """
    id = uuid7(now)
    looked = act == "look"
    with duplicate_as(AlreadyAsked):
        await mongo[ACTS].insert_one(
            {
                "_id": id,
                "act": act,
                "entry": document["_id"],
                "short": entry.id,
                "consumer": entry.consumer,
                "topic": entry.topic,
                "partition": document["record"]["partition"],
                "lane": entry.lane,
                "sequence": entry.sequence,
                "type": entry.type,
                "reason": entry.reason,
                "who": who,
                "why": why,
                "asked": now,
                "status": "done" if looked else "asked",
                "outcome": "shown" if looked else None,
                "said": None,
                "ended": now if looked else None,
                "record": None,
            }
        )
    return id


async def pending(mongo: Mongo) -> list[Document]:
    """Give the acts to carry out, the oldest first."""
    return await mongo[ACTS].find(PENDING).sort("_id", ASCENDING).limit(100).to_list(None)


async def end(mongo: Mongo, id: str, outcome: str, said: str, now: datetime) -> None:
    """Note how an act ended; one that has ended stays as it is."""
    change = {"status": "done", "outcome": outcome, "said": said[:2000], "ended": now}
    await mongo[ACTS].update_one({"_id": id, **PENDING}, {"$set": change})


async def acts(mongo: Mongo, limit: int = 1000) -> list[Document]:
    """List acts, the newest first, without the records that were dropped."""
    return await mongo[ACTS].find({}, {"record": 0}).sort("_id", -1).limit(limit).to_list(None)


async def act_by_id(mongo: Mongo, id: str) -> Document:
    """Read an act."""
    found = await mongo[ACTS].find_one({"_id": id}, {"record": 0})
    assert found is not None, "acts are kept for good"
    return found


async def dropped_of(mongo: Mongo, consumer: str, session: Session | None = None) -> set[tuple[str, int]]:
    """Give the lanes and sequences that a consumer passed over for an operator: whoever folds again passes over them too."""
    query = {"consumer": consumer, "outcome": "dropped", "lane": {"$ne": None}}
    found = mongo[ACTS].find(query, {"lane": 1, "sequence": 1}, session=session)
    return {(document["lane"], document["sequence"]) async for document in found}


async def was_dropped(mongo: Mongo, waiting_id: str) -> bool:
    """Tell whether an operator dropped this entry before: a rewind must not bring it back."""
    return await mongo[ACTS].find_one({"entry": waiting_id, "outcome": "dropped"}, {"_id": 1}) is not None
