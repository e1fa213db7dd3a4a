"""The ledger of operators' actions on dead letters: requested here, executed by the running service, never deleted.

The collection is `parked_acts`; stored fields and values keep the names they had first.
"""

from datetime import datetime
from typing import Literal

from shared.chassis.dead_letters.entries import Entry
from shared.chassis.ids import uuid7
from shared.chassis.mongo import ASCENDING, Document, Index, Mongo, Session, duplicate_as

ACTIONS = "parked_acts"
Action = Literal["retry", "drop", "look"]
PENDING = {"status": {"$in": ["asked", "draining"]}}
INDEXES: list[Index] = [
    ([("entry", ASCENDING)], {"unique": True, "partialFilterExpression": {"status": "asked"}}),
    ([("status", ASCENDING), ("_id", ASCENDING)], {}),
    ([("consumer", ASCENDING), ("outcome", ASCENDING)], {}),
]


class ActionPending(Exception):
    """Another action on the same entry is not executed yet."""


async def request_action(
    mongo: Mongo, action: Action, entry: Entry, document: Document, operator: str, purpose: str, now: datetime
) -> str:
    """Record an action, with operator and purpose, for the running service to execute; return its id.

    A look is executed by being recorded. Raises ActionPending.
    """
    id = uuid7(now)
    look = action == "look"
    with duplicate_as(ActionPending):
        await mongo[ACTIONS].insert_one(
            {
                "_id": id,
                "act": action,
                "entry": document["_id"],
                "short": entry.id,
                "consumer": entry.consumer,
                "topic": entry.topic,
                "partition": document["record"]["partition"],
                "lane": entry.stream,
                "sequence": entry.sequence,
                "type": entry.type,
                "reason": entry.reason,
                "who": operator,
                "why": purpose,
                "asked": now,
                "status": "done" if look else "asked",
                "outcome": "shown" if look else None,
                "said": None,
                "ended": now if look else None,
                "record": None,
            }
        )
    return id


async def pending_actions(mongo: Mongo) -> list[Document]:
    """List the actions to execute, the oldest first."""
    return await mongo[ACTIONS].find(PENDING).sort("_id", ASCENDING).limit(100).to_list(None)


async def complete_action(mongo: Mongo, id: str, outcome: str, detail: str, now: datetime) -> None:
    """Record how an action ended; a completed one stays as it is."""
    change = {"status": "done", "outcome": outcome, "said": detail[:2000], "ended": now}
    await mongo[ACTIONS].update_one({"_id": id, **PENDING}, {"$set": change})


async def list_actions(mongo: Mongo, limit: int = 1000) -> list[Document]:
    """List actions, the newest first, without the records that were dropped."""
    return await mongo[ACTIONS].find({}, {"record": 0}).sort("_id", -1).limit(limit).to_list(None)


async def find_action(mongo: Mongo, id: str) -> Document:
    """Read an action."""
    action = await mongo[ACTIONS].find_one({"_id": id}, {"record": 0})
    assert action is not None, "actions are never deleted"
    return action


async def dropped_events(mongo: Mongo, consumer: str, session: Session | None = None) -> set[tuple[str, int]]:
    """Streams and sequences of the events that operators dropped for a consumer: a replay passes over them too."""
    query = {"consumer": consumer, "outcome": "dropped", "lane": {"$ne": None}}
    actions = mongo[ACTIONS].find(query, {"lane": 1, "sequence": 1}, session=session)
    return {(action["lane"], action["sequence"]) async for action in actions}


async def was_dropped(mongo: Mongo, entry_id: str) -> bool:
    """Whether an operator dropped this entry: a rewind must not bring it back."""
    return await mongo[ACTIONS].find_one({"entry": entry_id, "outcome": "dropped"}, {"_id": 1}) is not None
