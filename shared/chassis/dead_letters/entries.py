"""Dead letters and held events, as operators see them."""

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
    """Not exactly one dead letter has this id; `count` have."""

    def __init__(self, id: str, count: int) -> None:
        super().__init__(f"{count or 'no'} dead letters are named {id}: see `distretti dead-letters list`")
        self.count = count


@dataclass(frozen=True)
class Entry:
    """A held event or dead letter; without `stream` and `sequence` where it is no event. `behind` counts the events it blocks."""

    id: str
    consumer: str
    topic: str
    stream: str | None
    sequence: int | None
    type: str | None
    kind: str
    reason: str
    since: datetime
    behind: int

    @property
    def private(self) -> bool:
        """Whether its data is personal."""
        return self.topic in PRIVATE


def short_id(held_id: str) -> str:
    """The id of an entry on a command line: the first digits of its id's SHA-256."""
    return hashlib.sha256(held_id.encode()).hexdigest()[:SHORT]


async def entries(mongo: Mongo, consumer: str | None = None, held: bool = False, limit: int = 1000) -> list[Entry]:
    """List dead letters, the oldest first; with `held`, also the events held behind them, behind a gap or for want of a fact."""
    query: Document = {} if held else {"kind": "parked"}
    if consumer:
        query["consumer"] = consumer
    documents = mongo[WAITING].find(query, {"record.value": 0}).sort("since", ASCENDING).limit(limit)
    return [await _entry(mongo, document) async for document in documents]


async def find_entry(mongo: Mongo, id: str) -> tuple[Entry, Document]:
    """Find a dead letter by its short id or the start of it, and its document whole. Raises NoSuchEntry."""
    matching = []
    async for document in mongo[WAITING].find({"kind": "parked"}, {"_id": 1}):
        if short_id(document["_id"]).startswith(id):
            matching.append(document["_id"])
    if len(matching) == 1 and (document := await mongo[WAITING].find_one({"_id": matching[0]})):
        return await _entry(mongo, document), document
    raise NoSuchEntry(id, len(matching))


async def behind(mongo: Mongo, entry: Entry) -> AsyncIterator[Entry]:
    """The events held behind an entry, in sequence."""
    if entry.stream is None:
        return
    query = {"consumer": entry.consumer, "lane": entry.stream, "sequence": {"$gt": entry.sequence}}
    async for document in mongo[WAITING].find(query, {"record.value": 0}).sort("sequence", ASCENDING):
        yield await _entry(mongo, document)


async def _entry(mongo: Mongo, document: Document) -> Entry:
    later = {"consumer": document["consumer"], "lane": document["lane"], "sequence": {"$gt": document["sequence"]}}
    return Entry(
        id=short_id(document["_id"]),
        consumer=document["consumer"],
        topic=document["record"]["topic"],
        stream=document["lane"],
        sequence=document["sequence"],
        type=type_of(document["record"]["headers"]),
        kind=document["kind"],
        reason=document["reason"],
        since=document["since"],
        behind=await mongo[WAITING].count_documents(later) if document["lane"] is not None else 0,
    )


def type_of(headers: list[Any]) -> str | None:
    """Read the type of a record, which may be no event."""
    raw = next((value for name, value in headers if name == "ce_type" and value), None)
    return None if raw is None else bytes(raw).decode(errors="backslashreplace").removeprefix(TYPE_PREFIX)[:200]
