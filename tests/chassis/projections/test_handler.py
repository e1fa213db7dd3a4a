"""One document fed by aggregates of several partitions: consumers on two replicas lose nothing of it."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from shared.chassis.config import Settings
from shared.chassis.inbox.held_events import INDEXES, WAITING
from shared.chassis.inbox.message import Received, Record
from shared.chassis.inbox.positions import POSITIONS
from shared.chassis.mongo import Mongo, ensure_indexes
from shared.chassis.projections.handler import ProjectionHandler
from shared.chassis.projections.projection import DIRTY, Projection
from shared.chassis.telemetry.metrics_and_traces import Metrics
from shared.contracts.base import DomainEvent
from shared.contracts.envelope import Envelope
from shared.contracts.registry import MemberApproved
from shared.contracts.topics import MEMBERS

MOMENT = datetime(2026, 11, 22, tzinfo=UTC)


def count(_id: str, document: dict[str, Any] | None, _received: Received, _event: DomainEvent) -> dict[str, Any]:
    return {"events": (document or {"events": 0})["events"] + 1}


def received(subject: str, sequence: int) -> Received:
    data = MemberApproved().model_dump_json().encode()
    envelope = Envelope("id", MemberApproved.TYPE, "/test", subject, MOMENT, sequence, "c", data)
    return Received(Record(MEMBERS.name, 0, sequence, subject.encode(), (), data), envelope)


async def test_two_consumers_count_into_one_document(settings: Settings) -> None:
    mongo = Mongo(settings.mongo_url, settings.named("counting"), 10)
    await ensure_indexes(mongo, {POSITIONS: [], DIRTY: [], WAITING: INDEXES, "totals": []})
    totals = Projection("counting.totals", (MEMBERS,), "totals", count, targets=lambda _received, _event: ("all",))

    async def replica(subject: str) -> None:
        consumer = ProjectionHandler(mongo, totals, lambda: MOMENT, Metrics())
        for sequence in range(1, 21):
            await consumer.consume([received(subject, sequence)])

    await asyncio.gather(*(replica(subject) for subject in "abc"))
    assert await mongo["totals"].find_one({"_id": "all"}) == {"_id": "all", "events": 60}
    mongo.close()
