"""Keeps projections up to date: large batches, one transaction each."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from shared.chassis.inbox.dry_run import DryRunResult
from shared.chassis.inbox.held_events import held_events_of, hold
from shared.chassis.inbox.message import Received, Streams, by_stream, reason_of
from shared.chassis.inbox.ordering import put_in_order
from shared.chassis.inbox.positions import is_temporary, positions_of
from shared.chassis.kafka.topics import Partitions
from shared.chassis.mongo import Mongo, UpdateOne, retrying
from shared.chassis.projections.fold import Folded
from shared.chassis.projections.projection import Projection
from shared.chassis.projections.writer import Batch, Documents
from shared.chassis.telemetry.metrics_and_traces import Metrics

log = structlog.get_logger()


class ProjectionHandler:
    """Applies batches of events to one projection's documents."""

    def __init__(self, mongo: Mongo, projection: Projection[Any], clock: Callable[[], datetime], metrics: Metrics) -> None:
        self.name = projection.name
        self.topics = projection.topics
        self._mongo = mongo
        self._clock = clock
        self._metrics = metrics
        self._documents = Documents(mongo, projection, clock, metrics)
        self._dense = {topic.name: not topic.compacted for topic in projection.topics}

    async def consume(self, batch: Sequence[Received]) -> None:
        """Apply a batch; one that fails is split until the failing event stands alone, and becomes a dead letter."""
        try:
            await retrying(lambda: self._once(by_stream(batch)))
        except Exception as error:
            if is_temporary(error):
                raise
            if len(batch) == 1:
                await self._apply_singly(by_stream(batch))
                return
            middle = len(batch) // 2
            await self.consume(batch[:middle])
            await self.consume(batch[middle:])

    async def redrive(self, partitions: Partitions) -> None:
        """Do nothing: projections wait for no fact."""

    async def resume(self, stream: str, retried: int | None = None) -> None:
        """Apply the held events that are next, with the dead letter of sequence `retried`."""
        try:
            await retrying(lambda: self._once({stream: []}, retried))
        except Exception as error:
            if is_temporary(error):
                raise
            await self._apply_singly({stream: []}, retried)

    async def dry_run(self, stream: str, retried: int) -> DryRunResult:
        """Report what `resume` would do, by doing it in a transaction that is rolled back."""
        try:
            folded = await retrying(lambda: self._once({stream: []}, retried, commit=False))
        except Exception as error:
            if is_temporary(error):
                raise
            return DryRunResult("parked", [reason_of(error)])
        sequences = [str(received.sequence) for received in folded.applied]
        if not sequences:
            return DryRunResult("parked", list(folded.reasons.values()))
        documents = ", ".join(folded.rows) or "no document"
        applied = f"applies {', '.join(sequences)} to {documents}"
        return DryRunResult(
            "applied", [applied, *(f"then makes one a dead letter: {reason}" for reason in folded.reasons.values())]
        )

    async def _apply_singly(self, streams: Streams, retried: int | None = None) -> None:
        """Apply each event of one stream alone: the one that cannot be written becomes a dead letter, not one before it."""
        while True:
            folded = await retrying(partial(self._once, streams, retried, alone=True))
            if not (folded.applied or folded.reasons):
                return
            retried = None

    async def _once(self, streams: Streams, retried: int | None = None, *, alone: bool = False, commit: bool = True) -> Folded:
        batch = await self._in_order(streams, retried)
        if alone:
            batch = replace(batch, ready=batch.ready[:1], dropped=0)
        self._metrics.dropped.labels(self.name).inc(batch.dropped)
        if not (batch.ready or batch.held):
            return Folded([], {}, {}, [], {})
        try:
            folded = await self._documents.write(batch, commit)
        except Exception as error:
            if not alone or not batch.ready or is_temporary(error):
                raise
            culprit = batch.ready[0]
            folded = await self._documents.dead_letter(culprit, reason_of(error), batch.read[culprit.stream])
        for place, reason in folded.reasons.items() if commit else ():
            log.error("event_parked", consumer=self.name, place=place, reason=reason)
        return folded

    async def _in_order(self, streams: Streams, retried: int | None) -> Batch:
        """Put the arrived and the held events in sequence, behind the current positions."""
        read = await positions_of(self._mongo, self.name, streams)
        held_by_stream = await held_events_of(self._mongo, self.name, streams)
        ready: list[Received] = []
        to_hold: list[UpdateOne] = []
        touched: set[str] = set()
        dropped = 0
        for stream, arrived in streams.items():
            held = held_by_stream.get(stream, [])
            dead_letters = {event.sequence: event.reason for event in held if event.kind == "parked" and event.sequence != retried}
            dense = self._dense[stream.partition("|")[0]]
            ordered = put_in_order(read[stream].sequence, arrived, (event.received for event in held), dead_letters, dense)
            if ordered.held or ordered.ready:
                touched.add(stream)
            ready += ordered.ready
            to_hold += [hold(self.name, late, "gap", "an earlier event is missing", self._clock()) for late in ordered.held]
            dropped += ordered.dropped
        return Batch(ready, to_hold, dropped, read, touched, held_by_stream.keys())
