"""What a consumer could not apply yet: behind a gap, for a fact still to come, or parked for an operator."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import structlog

from shared.chassis.inbox.message import Received, Record, from_document, receive, to_document
from shared.chassis.inbox.positions import POSITIONS
from shared.chassis.kafka.topics import Partitions
from shared.chassis.mongo import ASCENDING, Document, Index, Mongo, Session, UpdateOne
from shared.contracts.envelope import Undecodable

log = structlog.get_logger()
WAITING = "waiting"
Kind = Literal["gap", "not_yet", "parked"]
BY_KIND = [("consumer", ASCENDING), ("kind", ASCENDING), ("since", ASCENDING)]
INDEXES: list[Index] = [
    ([("consumer", ASCENDING), ("lane", ASCENDING), ("sequence", ASCENDING)], {}),
    (BY_KIND, {}),
]


@dataclass(frozen=True)
class Awaited:
    """A fact that must be known first: this consumer must have applied `sequence` of `lane`."""

    consumer: str
    lane: str
    sequence: int

    def document(self) -> Document:
        """Write it as it is kept: the position that must be reached, and how far."""
        return {"position": f"{self.consumer}|{self.lane}", "sequence": self.sequence}


@dataclass(frozen=True)
class Kept:
    """An entry of the waiting room."""

    received: Received
    kind: Kind
    reason: str

    @property
    def sequence(self) -> int:
        return self.received.sequence


def waiting_id(consumer: str, received: Received) -> str:
    """Name an entry: the same event waits once for a consumer, however often it is delivered."""
    return f"{consumer}|{received.lane}|{received.sequence}"


async def waiting_of(mongo: Mongo, consumer: str, lanes: Iterable[str]) -> dict[str, list[Kept]]:
    """Read what waits in these lanes, by lane.

    What was an event to an earlier release and is none to this one is left out: its own event may still come.
    """
    found: dict[str, list[Kept]] = {}
    async for document in mongo[WAITING].find({"consumer": consumer, "lane": {"$in": list(lanes)}}):
        try:
            received = receive(from_document(document["record"]))
        except Undecodable as error:
            log.warning("kept_unreadable", consumer=consumer, lane=document["lane"], reason=str(error))
            continue
        kept = Kept(received, document["kind"], document["reason"])
        found.setdefault(document["lane"], []).append(kept)
    return found


def keep(consumer: str, received: Received, kind: Kind, reason: str, now: datetime, awaited: Awaited | None = None) -> UpdateOne:
    """Put an event into the waiting room, or change why it is there."""
    return UpdateOne(
        {"_id": waiting_id(consumer, received)},
        {
            "$set": {"kind": kind, "reason": reason[:2000], "awaited": awaited.document() if awaited else None},
            "$setOnInsert": {
                "consumer": consumer,
                "lane": received.lane,
                "sequence": received.sequence,
                "since": now,
                "record": to_document(received.record),
            },
        },
        upsert=True,
    )


def undecodable_id(consumer: str, record: Record) -> str:
    """Name a record that is no event."""
    return f"{consumer}|{record.topic}|{record.partition}@{record.offset}"


async def park_undecodable(mongo: Mongo, consumer: str, record: Record, reason: str, now: datetime) -> None:
    """Park a record that is no event, by its offset; it belongs to no lane and holds nothing up."""
    await mongo[WAITING].update_one(
        {"_id": undecodable_id(consumer, record)},
        {
            "$setOnInsert": {
                "consumer": consumer,
                "lane": None,
                "sequence": None,
                "kind": "parked",
                "reason": reason[:2000],
                "awaited": None,
                "since": now,
                "record": to_document(record),
            }
        },
        upsert=True,
    )


async def leave(mongo: Mongo, consumer: str, lane: str, sequence: int, session: Session) -> None:
    """Take what is applied, up to `sequence`, out of the waiting room."""
    await mongo[WAITING].delete_many({"consumer": consumer, "lane": lane, "sequence": {"$lte": sequence}}, session=session)


async def released_lanes(mongo: Mongo, consumer: str, partitions: Partitions) -> list[str]:
    """Find lanes on these partitions whose awaited fact is known by now, five hundred at most; the rest at the next call."""
    reached = {"$gte": [{"$first": "$position.sequence"}, "$awaited.sequence"]}
    lookup = {"from": POSITIONS, "localField": "awaited.position", "foreignField": "_id", "as": "position"}
    found = mongo[WAITING].aggregate(
        [
            {"$match": {"consumer": consumer, "kind": "not_yet", "$or": _on(partitions)}},
            {"$lookup": lookup},
            {"$match": {"$expr": reached}},
            {"$limit": 500},
            {"$project": {"lane": 1}},
        ]
    )
    return [entry["lane"] async for entry in found]


def _on(partitions: Partitions) -> list[Document]:
    return [{"record.topic": topic, "record.partition": {"$in": sorted(numbers)}} for topic, numbers in partitions.items()]
