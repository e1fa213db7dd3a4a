"""A batch of events folded in memory into the documents of a projection."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, TypeVar

from shared.chassis.inbox.held_events import keep
from shared.chassis.inbox.message import Received, reason_of
from shared.chassis.mongo import UpdateOne
from shared.chassis.projections.projection import Projection
from shared.chassis.telemetry.metrics_and_traces import Metrics
from shared.contracts.base import DomainEvent

R = TypeVar("R")
Events: TypeAlias = Sequence[tuple[Received, DomainEvent | None]]


@dataclass(frozen=True)
class Folded:
    """A batch folded in memory: rows to write (None: to delete). `reasons` says by place why an event is parked."""

    applied: list[Received]
    rows: dict[str, Any]
    dirty: dict[str, str]
    parked: list[UpdateOne]
    reasons: dict[str, str]


def place_of(received: Received) -> str:
    """Name the place of an event in its lane."""
    return f"{received.lane}|{received.sequence}"


def read_events(ready: Sequence[Received], metrics: Metrics, consumer: str) -> tuple[Events, dict[str, str]]:
    """Read the data of each; unknown types are counted and pass, unreadable ones are named with the reason by place."""
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
    """Fold events in order. One that fails is parked, and later ones of its lane are held behind it."""
    rows = dict(stored)
    folded = Folded([], {}, {}, [], {})
    stopped: set[str] = set()
    for received, event in events:
        if received.lane in stopped:
            folded.parked.append(keep(projection.name, received, "gap", "an earlier event is parked", now))
            continue
        reason = unreadable.get(place_of(received))
        after: dict[str, R | None] = {}
        try:
            after = {} if event is None else _after(projection, received, event, rows)
        except Exception as error:
            reason = reason_of(error)
        if reason is not None:
            folded.reasons[place_of(received)] = reason
            folded.parked.append(keep(projection.name, received, "parked", reason, now))
            stopped.add(received.lane)
            continue
        rows |= after
        folded.rows.update(after)
        folded.applied.append(received)
        if event is not None:
            folded.dirty.update(dict.fromkeys(projection.marks(received, event), received.envelope.id))
    return folded


def _after(projection: Projection[R], received: Received, event: DomainEvent, rows: Mapping[str, R | None]) -> dict[str, R | None]:
    """Give the rows that an event changes as they are after it."""
    return {id: projection.fold(id, rows.get(id), received, event) for id in projection.targets(received, event)}
