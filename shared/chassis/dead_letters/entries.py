"""What is parked or held, as operators see it."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.chassis.inbox.held_events import WAITING
from shared.chassis.mongo import ASCENDING, Document, Mongo
from shared.contracts.base import TYPE_PREFIX
from shared.contracts.topics import CATALOGUE

PRIVATE = {topic.name for topic in CATALOGUE if topic.compacted}
SHORT = 12


class NoSuchEntry(Exception):
    """Not exactly one thing is parked by this id; `count` are."""

    def __init__(self, id: str, count: int) -> None:
        super().__init__(f"{count or 'no'} dead letters are named {id}: see `distretti dead-letters list`")
        self.count = count


@dataclass(frozen=True)
class Entry:
    """An event that waits. `lane` and `sequence` are None where the record is no event; `behind` counts what it holds up."""

    id: str
    consumer: str
    topic: str
    lane: str | None
    sequence: int | None
    type: str | None
    kind: str
    reason: str
    since: datetime
    behind: int

    @property
    def private(self) -> bool:
        """Whether its data is about people."""
        return self.topic in PRIVATE


def short_id(waiting_id: str) -> str:
    """Name an entry of the waiting room on a command line: the start of its id's SHA-256."""
    return hashlib.sha256(waiting_id.encode()).hexdigest()[:SHORT]


async def entries(mongo: Mongo, consumer: str | None = None, held: bool = False, limit: int = 1000) -> list[Entry]:
    """List what is parked, the oldest first; with `held`, also what waits for it, for a gap or for a fact."""
    query: Document = {} if held else {"kind": "parked"}
    if consumer:
        query["consumer"] = consumer
    found = mongo[WAITING].find(query, {"record.value": 0}).sort("since", ASCENDING).limit(limit)
    return [await _entry(mongo, document) async for document in found]


async def find_entry(mongo: Mongo, id: str) -> tuple[Entry, Document]:
    """Find a parked entry by its short id or the start of it, and its document whole. Raises NoSuchEntry."""
    matching = []
    async for document in mongo[WAITING].find({"kind": "parked"}, {"_id": 1}):
        if short_id(document["_id"]).startswith(id):
            matching.append(document["_id"])
    if len(matching) == 1 and (document := await mongo[WAITING].find_one({"_id": matching[0]})):
        return await _entry(mongo, document), document
    raise NoSuchEntry(id, len(matching))


async def behind(mongo: Mongo, entry: Entry) -> AsyncIterator[Entry]:
    """Give what waits behind an entry, in order."""
    if entry.lane is None:
        return
    query = {"consumer": entry.consumer, "lane": entry.lane, "sequence": {"$gt": entry.sequence}}
    async for document in mongo[WAITING].find(query, {"record.value": 0}).sort("sequence", ASCENDING):
        yield await _entry(mongo, document)


async def _entry(mongo: Mongo, document: Document) -> Entry:
    later = {"consumer": document["consumer"], "lane": document["lane"], "sequence": {"$gt": document["sequence"]}}
    return Entry(
        id=short_id(document["_id"]),
        consumer=document["consumer"],
        topic=document["record"]["topic"],
        lane=document["lane"],
        sequence=document["sequence"],
        type=type_of(document["record"]["headers"]),
        kind=document["kind"],
        reason=document["reason"],
        since=document["since"],
        behind=await mongo[WAITING].count_documents(later) if document["lane"] is not None else 0,
    )


def type_of(headers: list[Any]) -> str | None:
    """Read the type of a record that may be anything."""
    raw = next((value for name, value in headers if name == "ce_type" and value), None)
    return None if raw is None else bytes(raw).decode(errors="backslashreplace").removeprefix(TYPE_PREFIX)[:200]
