"""Reactions run: in order per aggregate, aggregates side by side."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
from opentelemetry.trace import Tracer

from shared.chassis.inbox.dry_run import Rehearsal
from shared.chassis.inbox.held_events import WAITING, Awaited, Kept, Kind, keep, leave, released_lanes, waiting_of
from shared.chassis.inbox.message import Lanes, Received, by_lane, reason_of
from shared.chassis.inbox.ordering import put_in_order
from shared.chassis.inbox.positions import Position, advance, fence, is_temporary, positions_of
from shared.chassis.kafka.topics import Partitions
from shared.chassis.mongo import Session, retrying
from shared.chassis.reactions.reaction import NotYet, Reaction
from shared.chassis.reactions.steps import Steps
from shared.chassis.telemetry.metrics_and_traces import Metrics, span
from shared.chassis.writes.write_path import WritePath
from shared.contracts.base import DomainEvent

log = structlog.get_logger()


class ReactionConsumer:
    """Runs one reaction: lanes side by side (at most `width`), each event in a small transaction of its own."""

    def __init__(
        self, write: WritePath, reaction: Reaction, clock: Callable[[], datetime], metrics: Metrics, tracer: Tracer, width: int = 16
    ) -> None:
        self.name = reaction.name
        self.topics = reaction.topics
        self._mongo = write.mongo
        self._steps = Steps(write, reaction.name)
        self._reaction = reaction
        self._clock = clock
        self._metrics = metrics
        self._tracer = tracer
        self._places = asyncio.Semaphore(width)
        self._dense = {topic.name: not topic.compacted for topic in reaction.topics}

    async def consume(self, batch: Sequence[Received]) -> None:
        """React to a batch; a lane whose event fails is parked, every other goes on."""
        await self._run_lanes(by_lane(batch))

    async def redrive(self, partitions: Partitions) -> None:
        """Try again what waited, on these partitions, for a fact that is known by now."""
        await self._run_lanes({lane: [] for lane in await released_lanes(self._mongo, self.name, partitions)})

    async def resume(self, lane: str, retried: int | None = None) -> None:
        """React to what is ready in a lane, with the parked event `retried` tried once more."""
        await self._run_lanes({lane: []}, retried)

    async def rehearse(self, lane: str, retried: int) -> Rehearsal:
        """Tell what trying a parked event once more would do; what waits behind it is not looked at."""
        kept = (await waiting_of(self._mongo, self.name, [lane])).get(lane, [])
        found = next((item.received for item in kept if item.sequence == retried), None)
        if found is None:
            return Rehearsal("gone", [])
        try:
            event = found.event()
            if not isinstance(event, self._reaction.hears):
                return Rehearsal("applied", ["passes it: not heard here"])
            steps = await self._reaction.handle(found, event)
            return Rehearsal("applied", [await self._steps.foresee(step) for step in steps] or ["does nothing"])
        except NotYet as error:
            return Rehearsal("not_yet", [str(error)])
        except Exception as error:
            if is_temporary(error):
                raise
            return Rehearsal("parked", [reason_of(error)])

    async def _run_lanes(self, lanes: Lanes, retried: int | None = None) -> None:
        read = await positions_of(self._mongo, self.name, lanes)
        waiting = await waiting_of(self._mongo, self.name, lanes)
        skipped: dict[str, int] = {}

        async def run(lane: str, arrived: Sequence[Received]) -> None:
            async with self._places:
                passed = await self._lane(lane, arrived, read[lane], waiting.get(lane, []), retried)
                if passed is not None:
                    skipped[lane] = passed

        results = await asyncio.gather(*(run(lane, arrived) for lane, arrived in lanes.items()), return_exceptions=True)
        if skipped:
            await advance(self._mongo, self.name, read, skipped, None)
        for result in results:
            if isinstance(result, BaseException):
                raise result

    async def _lane(
        self, lane: str, arrived: Sequence[Received], read: Position, kept: Sequence[Kept], retried: int | None
    ) -> int | None:
        """Do one lane; return the sequence up to which it was only passed over, where it was only that."""
        if not arrived and not kept:
            return None
        parked = {item.sequence: item.reason for item in kept if item.kind == "parked" and item.sequence != retried}
        dense = self._dense[lane.partition("|")[0]]
        lane_sorted = put_in_order(read.sequence, arrived, (item.received for item in kept), parked, dense)
        self._metrics.dropped.labels(self.name).inc(lane_sorted.dropped)
        last, passed = read, None
        for held in lane_sorted.held:
            last = await self._keep(held, "gap", "an earlier event is missing", last)
        for number, received in enumerate(lane_sorted.ready):
            try:
                event = received.event()
                if not isinstance(event, self._reaction.hears):
                    if event is None:
                        self._metrics.unknown.labels(self.name).inc()
                    passed = received.sequence
                    continue
                last = await self._react(received, event, last, bool(kept))
                passed = None
            except Exception as error:
                if is_temporary(error):
                    raise
                last = await self._set_aside(received, error, last)
                for behind in lane_sorted.ready[number + 1 :]:
                    last = await self._keep(behind, "gap", "an earlier event waits", last)
                break
        if passed is None or (last == read and not kept):
            return passed
        await self._pass(lane, last, passed)
        return None

    async def _react(self, received: Received, event: DomainEvent, last: Position, was_kept: bool) -> Position:
        envelope = received.envelope
        with (
            span(self._tracer, f"{self.name} {envelope.type}", envelope.traceparent, sequence=received.sequence),
            structlog.contextvars.bound_contextvars(correlation=envelope.correlation),
        ):
            return await self._steps.take(received, await self._reaction.handle(received, event), last, was_kept)

    async def _pass(self, lane: str, last: Position, passed: int) -> None:
        async def body(session: Session) -> None:
            await advance(self._mongo, self.name, {lane: last}, {lane: passed}, session)
            await leave(self._mongo, self.name, lane, passed, session)

        await self._mongo.transact(body)

    async def _set_aside(self, received: Received, error: Exception, last: Position) -> Position:
        if isinstance(error, NotYet):
            return await self._keep(received, "not_yet", str(error), last, error.awaited)
        reason = reason_of(error)
        log.error("event_parked", consumer=self.name, lane=received.lane, sequence=received.sequence, reason=reason)
        return await self._keep(received, "parked", reason, last)

    async def _keep(self, received: Received, kind: Kind, reason: str, last: Position, awaited: Awaited | None = None) -> Position:
        """Lay an event aside while the lane stands at `last`; return where it stands then."""
        entry = keep(self.name, received, kind, reason, self._clock(), awaited)

        async def body(session: Session) -> None:
            await fence(self._mongo, self.name, {received.lane: last}, session)
            await self._mongo[WAITING].bulk_write([entry], session=session)

        await retrying(lambda: self._mongo.transact(body))
        return last.once_held()
