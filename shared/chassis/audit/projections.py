"""Audits projections: their topics folded up to the stored positions must give the same documents."""

from collections.abc import Mapping, Set
from typing import Any

from shared.chassis.audit.compare import Difference, canonical, first_difference
from shared.chassis.audit.topic_log import TopicLog
from shared.chassis.dead_letters.operator_actions import dropped_events
from shared.chassis.inbox.message import Received, reason_of
from shared.chassis.inbox.positions import POSITIONS
from shared.chassis.mongo import Document, Mongo
from shared.chassis.projections.projection import Projection

TRIES = 3


async def audit_projection(service: str, mongo: Mongo, projection: Projection[Any], log: TopicLog) -> tuple[int, list[Difference]]:
    """Fold a projection's topics up to its positions and compare; return the number of documents, and the differences."""
    for attempt in range(TRIES):
        positions, stored, dropped = await _read(mongo, projection)
        folded, differences = await _fold(service, projection, positions, dropped, log)
        for id in sorted(stored.keys() | folded.keys()):
            detail = first_difference(canonical(stored.get(id)), canonical(folded.get(id)))
            if detail is not None:
                differences.append(Difference(service, "projection", projection.collection, id, detail))
        if not differences or attempt == TRIES - 1:
            return len(stored), differences
    raise AssertionError("unreachable")


async def _read(mongo: Mongo, projection: Projection[Any]) -> tuple[dict[str, int], dict[str, Document], set[tuple[str, int]]]:
    """Read positions, documents and dropped events in one snapshot."""
    prefix = f"{projection.name}|"
    async with mongo.snapshot() as session:
        cursor = mongo[POSITIONS].find({"_id": {"$gte": prefix, "$lt": prefix[:-1] + "}"}}, session=session)
        positions = {document["_id"].removeprefix(prefix): document["sequence"] async for document in cursor}
        documents = {document.pop("_id"): document async for document in mongo[projection.collection].find({}, session=session)}
        dropped = await dropped_events(mongo, projection.name, session)
    return positions, documents, dropped


async def _fold(
    service: str, projection: Projection[Any], positions: Mapping[str, int], dropped: Set[tuple[str, int]], log: TopicLog
) -> tuple[dict[str, Document], list[Difference]]:
    rows: dict[str, Any] = {}
    differences: list[Difference] = []
    for topic in projection.topics:
        for partition in range(topic.partitions):
            streams, _ = await log.read(topic, partition)
            for id, events in streams.items():
                last = positions.get(f"{topic.name}|{id}", 0)
                applied = [events[sequence] for sequence in sorted(events) if sequence <= last]
                if len(applied) != last and not topic.compacted:
                    differences.append(
                        Difference(
                            service, "projection", projection.name, id, f"applied {last} events, {len(applied)} are on the topic"
                        )
                    )
                for received in applied:
                    if (received.stream, received.sequence) in dropped:
                        continue
                    try:
                        _apply(projection, received, rows)
                    except Exception as error:
                        detail = f"event {received.sequence} cannot be folded: {reason_of(error)}"
                        differences.append(Difference(service, "projection", projection.name, id, detail))
    return {id: projection.dump(row) for id, row in rows.items()}, differences


def _apply(projection: Projection[Any], received: Received, rows: dict[str, Any]) -> None:
    event = received.event()
    if event is None:
        return
    for id in projection.targets(received, event):
        row = projection.fold(id, rows.get(id), received, event)
        if row is None:
            rows.pop(id, None)
        else:
            rows[id] = row
