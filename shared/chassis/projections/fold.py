"""A batch of events folded in memory into the documents of a projection."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from shared.chassis.inbox.held_events import hold
from shared.chassis.inbox.message import Received, reason_of
from shared.chassis.mongo import UpdateOne
from shared.chassis.projections.projection import Projection
from shared.chassis.telemetry.metrics_and_traces import Metrics
from shared.contracts.base import DomainEvent

R = TypeVar("R")
Events: TypeAlias = Sequence[tuple[Received, DomainEvent | None]]


@dataclass(frozen=True)
class Folded:
    """A batch folded in memory: rows to write (None: to delete). `reasons` of dead letters by place."""

    applied: list[Received]
    rows: dict[str, Any]
    dirty: dict[str, str]
    held: list[UpdateOne]
    reasons: dict[str, str]


def place_of(received: Received) -> str:
    """The stream and sequence of an event, for logs."""
    return f"{received.stream}|{received.sequence}"


def read_events(ready: Sequence[Received], metrics: Metrics, consumer: str) -> tuple[Events, dict[str, str]]:
    """Parse each event; unknown types are counted and passed over, invalid ones listed with the reason by place."""
    events: list[tuple[Received, DomainEvent | None]] = []
    unreadable: dict[str, str] = {}
    for received in ready:
        try:
            event = received.event()
        except ValueError as error:
            unreadable[place_of(received)] = reason_of(error)
            event = None
        else:
            if event is None:
                metrics.unknown.labels(consumer).inc()
        events.append((received, event))
    return events, unreadable


def fold_all(
    projection: Projection[R],
    events: Events,
    unreadable: Mapping[str, str],
    stored: Mapping[str, R | None],
    now: datetime,
) -> Folded:
    """Fold events in order. One that fails becomes a dead letter, and later ones of its stream are held behind it."""
    rows = dict(stored)
    folded = Folded([], {}, {}, [], {})
    stopped: set[str] = set()
    for received, event in events:
        if received.stream in stopped:
            folded.held.append(hold(projection.name, received, "gap", "an earlier event is a dead letter", now))
            continue
        reason = unreadable.get(place_of(received))
        after: dict[str, R | None] = {}
        try:
            after = {} if event is None else _after(projection, received, event, rows)
        except Exception as error:
            reason = reason_of(error)
        if reason is not None:
            folded.reasons[place_of(received)] = reason
            folded.held.append(hold(projection.name, received, "parked", reason, now))
            stopped.add(received.stream)
            continue
        rows |= after
        folded.rows.update(after)
        folded.applied.append(received)
        if event is not None:
            folded.dirty.update(dict.fromkeys(projection.marks(received, event), received.envelope.id))
    return folded


def _after(projection: Projection[R], received: Received, event: DomainEvent, rows: Mapping[str, R | None]) -> dict[str, R | None]:
    """The rows that an event changes, after it."""
    return {id: projection.fold(id, rows.get(id), received, event) for id in projection.targets(received, event)}
