"""Projections kept up: big batches, one transaction each."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from shared.chassis.inbox.dry_run import Rehearsal
from shared.chassis.inbox.held_events import keep, waiting_of
from shared.chassis.inbox.message import Lanes, Received, by_lane, reason_of
from shared.chassis.inbox.ordering import put_in_order
from shared.chassis.inbox.positions import is_temporary, positions_of
from shared.chassis.kafka.topics import Partitions
from shared.chassis.mongo import Mongo, UpdateOne, retrying
from shared.chassis.projections.fold import Folded
from shared.chassis.projections.projection import Projection
from shared.chassis.projections.writer import Batch, Documents
from shared.chassis.telemetry.metrics_and_traces import Metrics

log = structlog.get_logger()


class ProjectionConsumer:
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
        """Apply a batch; one that fails on its own is split until the culprit stands alone and is parked."""
        try:
            await retrying(lambda: self._once(by_lane(batch)))
        except Exception as error:
            if is_temporary(error):
                raise
            if len(batch) == 1:
                await self._one_by_one(by_lane(batch))
                return
            middle = len(batch) // 2
            await self.consume(batch[:middle])
            await self.consume(batch[middle:])

    async def redrive(self, partitions: Partitions) -> None:
        """Projections wait for no fact of others."""

    async def resume(self, lane: str, retried: int | None = None) -> None:
        """Apply what is ready in a lane, with the parked event `retried` tried once more."""
        try:
            await retrying(lambda: self._once({lane: []}, retried))
        except Exception as error:
            if is_temporary(error):
                raise
            await self._one_by_one({lane: []}, retried)

    async def rehearse(self, lane: str, retried: int) -> Rehearsal:
        """Tell what `resume` would do, by doing it in a transaction that is aborted."""
        try:
            folded = await retrying(lambda: self._once({lane: []}, retried, commit=False))
        except Exception as error:
            if is_temporary(error):
                raise
            return Rehearsal("parked", [reason_of(error)])
        sequences = [str(received.sequence) for received in folded.applied]
        if not sequences:
            return Rehearsal("parked", list(folded.reasons.values()))
        documents = ", ".join(folded.rows) or "no document"
        applied = f"applies {', '.join(sequences)} to {documents}"
        return Rehearsal("applied", [applied, *(f"then parks one: {reason}" for reason in folded.reasons.values())])

    async def _one_by_one(self, lanes: Lanes, retried: int | None = None) -> None:
        """Apply each event of one lane on its own: the one that cannot be written is parked, not the one it waited for."""
        while True:
            folded = await retrying(partial(self._once, lanes, retried, alone=True))
            if not (folded.applied or folded.reasons):
                return
            retried = None

    async def _once(self, lanes: Lanes, retried: int | None = None, *, alone: bool = False, commit: bool = True) -> Folded:
        batch = await self._in_order(lanes, retried)
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
            folded = await self._documents.park(culprit, reason_of(error), batch.read[culprit.lane])
        for place, reason in folded.reasons.items() if commit else ():
            log.error("event_parked", consumer=self.name, place=place, reason=reason)
        return folded

    async def _in_order(self, lanes: Lanes, retried: int | None) -> Batch:
        """Put what arrived and what waits in order, behind the positions as they are now."""
        read = await positions_of(self._mongo, self.name, lanes)
        waiting = await waiting_of(self._mongo, self.name, lanes)
        ready: list[Received] = []
        held: list[UpdateOne] = []
        touched: set[str] = set()
        dropped = 0
        for lane, arrived in lanes.items():
            kept = waiting.get(lane, [])
            parked = {item.sequence: item.reason for item in kept if item.kind == "parked" and item.sequence != retried}
            dense = self._dense[lane.partition("|")[0]]
            lane_sorted = put_in_order(read[lane].sequence, arrived, (item.received for item in kept), parked, dense)
            if lane_sorted.held or lane_sorted.ready:
                touched.add(lane)
            ready += lane_sorted.ready
            held += [keep(self.name, late, "gap", "an earlier event is missing", self._clock()) for late in lane_sorted.held]
            dropped += lane_sorted.dropped
        return Batch(ready, held, dropped, read, touched, waiting.keys())
