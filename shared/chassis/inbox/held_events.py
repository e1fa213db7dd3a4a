"""Held events: those a consumer could not apply yet, behind a gap or for want of a fact; and its dead letters.

The collection is `waiting`, and a dead letter's kind is `parked`.
"""

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
REASON_CHARACTERS = 2000


@dataclass(frozen=True)
class Awaited:
    """A fact that must be applied first: event `sequence` of `stream`, by this consumer."""

    consumer: str
    stream: str
    sequence: int

    def document(self) -> Document:
        """The position to be reached, as it is stored."""
        return {"position": f"{self.consumer}|{self.stream}", "sequence": self.sequence}


@dataclass(frozen=True)
class HeldEvent:
    """A held event, and why it is held."""

    received: Received
    kind: Kind
    reason: str

    @property
    def sequence(self) -> int:
        return self.received.sequence


def held_id(consumer: str, received: Received) -> str:
    """The id of a held event: a redelivered event is held once."""
    return f"{consumer}|{received.stream}|{received.sequence}"


async def held_events_of(mongo: Mongo, consumer: str, streams: Iterable[str]) -> dict[str, list[HeldEvent]]:
    """Read the held events of these streams, by stream.

    A record that an earlier release could decode and this one cannot is left out: its event may still come.
    """
    held: dict[str, list[HeldEvent]] = {}
    async for document in mongo[WAITING].find({"consumer": consumer, "lane": {"$in": list(streams)}}):
        try:
            received = receive(from_document(document["record"]))
        except Undecodable as error:
            log.warning("held_event_unreadable", consumer=consumer, stream=document["lane"], reason=str(error))
            continue
        held.setdefault(document["lane"], []).append(HeldEvent(received, document["kind"], document["reason"]))
    return held


def hold(consumer: str, received: Received, kind: Kind, reason: str, now: datetime, awaited: Awaited | None = None) -> UpdateOne:
    """Hold an event, or change why it is held."""
    return UpdateOne(
        {"_id": held_id(consumer, received)},
        {
            "$set": {"kind": kind, "reason": reason[:REASON_CHARACTERS], "awaited": awaited.document() if awaited else None},
            "$setOnInsert": {
                "consumer": consumer,
                "lane": received.stream,
                "sequence": received.sequence,
                "since": now,
                "record": to_document(received.record),
            },
        },
        upsert=True,
    )


def undecodable_id(consumer: str, record: Record) -> str:
    """The id of a dead letter that is no event."""
    return f"{consumer}|{record.topic}|{record.partition}@{record.offset}"


async def hold_undecodable(mongo: Mongo, consumer: str, record: Record, reason: str, now: datetime) -> None:
    """Make a record that is no event a dead letter, by its offset; it is of no stream and blocks nothing."""
    await mongo[WAITING].update_one(
        {"_id": undecodable_id(consumer, record)},
        {
            "$setOnInsert": {
                "consumer": consumer,
                "lane": None,
                "sequence": None,
                "kind": "parked",
                "reason": reason[:REASON_CHARACTERS],
                "awaited": None,
                "since": now,
                "record": to_document(record),
            }
        },
        upsert=True,
    )


async def release(mongo: Mongo, consumer: str, stream: str, sequence: int, session: Session) -> None:
    """Remove the held events of a stream up to `sequence`, which are applied."""
    await mongo[WAITING].delete_many({"consumer": consumer, "lane": stream, "sequence": {"$lte": sequence}}, session=session)


async def ready_streams(mongo: Mongo, consumer: str, partitions: Partitions) -> list[str]:
    """Find the streams on these partitions whose awaited fact has been applied, at most five hundred a call."""
    reached = {"$gte": [{"$first": "$position.sequence"}, "$awaited.sequence"]}
    lookup = {"from": POSITIONS, "localField": "awaited.position", "foreignField": "_id", "as": "position"}
    ready = mongo[WAITING].aggregate(
        [
            {"$match": {"consumer": consumer, "kind": "not_yet", "$or": _on(partitions)}},
            {"$lookup": lookup},
            {"$match": {"$expr": reached}},
            {"$limit": 500},
            {"$project": {"lane": 1}},
        ]
    )
    return [entry["lane"] async for entry in ready]


def _on(partitions: Partitions) -> list[Document]:
    return [{"record.topic": topic, "record.partition": {"$in": sorted(numbers)}} for topic, numbers in partitions.items()]
