"""The ids of the topics that this service's positions and events belong to: a topic created again has another one."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from shared.chassis.inbox.held_events import WAITING
from shared.chassis.inbox.positions import POSITIONS
from shared.chassis.mongo import Mongo, UpdateOne

TOPIC_IDS = "topic_ids"
Positions = Literal["keep", "forget"]


async def known_ids(mongo: Mongo) -> dict[str, str]:
    """The id of each topic of the catalogue as this service knows it."""
    return {document["_id"]: document["topic_id"] async for document in mongo[TOPIC_IDS].find({}, {"topic_id": 1})}


async def remember_ids(mongo: Mongo, ids: Mapping[str, str], now: datetime) -> None:
    """Record ids of topics seen for the first time; a known one stays as it is."""
    steps = [UpdateOne({"_id": name}, {"$setOnInsert": {"topic_id": id, "since": now}}, upsert=True) for name, id in ids.items()]
    if steps:
        await mongo[TOPIC_IDS].bulk_write(steps, ordered=False)


async def accept_id(
    mongo: Mongo, topic: str, id: str, positions: Positions, operator: str, purpose: str, now: datetime
) -> tuple[int, int]:
    """Take the topic as it is now for the one to consume; return the numbers of positions and held events forgotten.

    Last of all the id is written: until then consumers stand still.
    """
    forgotten = await _forget(mongo, topic) if positions == "forget" else (0, 0)
    change = {"topic_id": id, "since": now, "who": operator, "why": purpose, "positions": positions}
    before = await mongo[TOPIC_IDS].find_one({"_id": topic}) or {}
    earlier = {"earlier": {"topic_id": before.get("topic_id"), "since": before.get("since")}}
    await mongo[TOPIC_IDS].update_one({"_id": topic}, {"$set": change, "$push": earlier}, upsert=True)
    return forgotten


async def _forget(mongo: Mongo, topic: str) -> tuple[int, int]:
    of_topic = {"$regex": rf"^[^|]+\|{re.escape(topic)}\|"}
    held = await mongo[WAITING].delete_many({"record.topic": topic})
    positions = await mongo[POSITIONS].delete_many({"_id": of_topic})
    return positions.deleted_count, held.deleted_count
