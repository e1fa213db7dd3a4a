"""Reactions run: in order per aggregate, aggregates side by side."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
from opentelemetry.trace import Tracer

from shared.chassis.inbox.dry_run import DryRunResult
from shared.chassis.inbox.held_events import WAITING, Awaited, HeldEvent, Kind, held_events_of, hold, ready_streams, release
from shared.chassis.inbox.message import Received, Streams, by_stream, reason_of
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


class ReactionHandler:
    """Runs one reaction: at most `width` streams concurrently, each event in a small transaction of its own."""

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
        self._slots = asyncio.Semaphore(width)
        self._dense = {topic.name: not topic.compacted for topic in reaction.topics}

    async def consume(self, batch: Sequence[Received]) -> None:
        """React to a batch; an event that fails becomes a dead letter and blocks its own stream only."""
        await self._run_streams(by_stream(batch))

    async def redrive(self, partitions: Partitions) -> None:
        """Retry the held events of these partitions whose awaited fact has been applied since."""
        await self._run_streams({stream: [] for stream in await ready_streams(self._mongo, self.name, partitions)})

    async def resume(self, stream: str, retried: int | None = None) -> None:
        """React to the held events that are next, with the dead letter of sequence `retried`."""
        await self._run_streams({stream: []}, retried)

    async def dry_run(self, stream: str, retried: int) -> DryRunResult:
        """Report what the retry of a dead letter would do; events held behind it are not considered."""
        held = (await held_events_of(self._mongo, self.name, [stream])).get(stream, [])
        received = next((event.received for event in held if event.sequence == retried), None)
        if received is None:
            return DryRunResult("gone", [])
        try:
            event = received.event()
            if not isinstance(event, self._reaction.event_types):
                return DryRunResult("applied", ["passes over it: no reaction to its type"])
            steps = await self._reaction.handle(received, event)
            return DryRunResult("applied", [await self._steps.preview(step) for step in steps] or ["does nothing"])
        except NotYet as error:
            return DryRunResult("not_yet", [str(error)])
        except Exception as error:
            if is_temporary(error):
                raise
            return DryRunResult("parked", [reason_of(error)])

    async def _run_streams(self, streams: Streams, retried: int | None = None) -> None:
        read = await positions_of(self._mongo, self.name, streams)
        held = await held_events_of(self._mongo, self.name, streams)
        skipped: dict[str, int] = {}

        async def run(stream: str, arrived: Sequence[Received]) -> None:
            async with self._slots:
                passed = await self._run_stream(stream, arrived, read[stream], held.get(stream, []), retried)
                if passed is not None:
                    skipped[stream] = passed

        results = await asyncio.gather(*(run(stream, arrived) for stream, arrived in streams.items()), return_exceptions=True)
        if skipped:
            await advance(self._mongo, self.name, read, skipped, None)
        for result in results:
            if isinstance(result, BaseException):
                raise result

    async def _run_stream(
        self, stream: str, arrived: Sequence[Received], read: Position, held: Sequence[HeldEvent], retried: int | None
    ) -> int | None:
        """Handle one stream; return the sequence up to which events were passed over, if nothing else was done."""
        if not arrived and not held:
            return None
        dead_letters = {event.sequence: event.reason for event in held if event.kind == "parked" and event.sequence != retried}
        dense = self._dense[stream.partition("|")[0]]
        ordered = put_in_order(read.sequence, arrived, (event.received for event in held), dead_letters, dense)
        self._metrics.dropped.labels(self.name).inc(ordered.dropped)
        last, passed = read, None
        for early in ordered.held:
            last = await self._hold(early, "gap", "an earlier event is missing", last)
        for number, received in enumerate(ordered.ready):
            try:
                event = received.event()
                if not isinstance(event, self._reaction.event_types):
                    if event is None:
                        self._metrics.unknown.labels(self.name).inc()
                    passed = received.sequence
                    continue
                last = await self._react(received, event, last, bool(held))
                passed = None
            except Exception as error:
                if is_temporary(error):
                    raise
                last = await self._hold_failed(received, error, last)
                for behind in ordered.ready[number + 1 :]:
                    last = await self._hold(behind, "gap", "an earlier event is held", last)
                break
        if passed is None or (last == read and not held):
            return passed
        await self._pass(stream, last, passed)
        return None

    async def _react(self, received: Received, event: DomainEvent, last: Position, has_held: bool) -> Position:
        envelope = received.envelope
        with (
            span(self._tracer, f"{self.name} {envelope.type}", envelope.traceparent, sequence=received.sequence),
            structlog.contextvars.bound_contextvars(correlation=envelope.correlation),
        ):
            return await self._steps.execute(received, await self._reaction.handle(received, event), last, has_held)

    async def _pass(self, stream: str, last: Position, passed: int) -> None:
        async def body(session: Session) -> None:
            await advance(self._mongo, self.name, {stream: last}, {stream: passed}, session)
            await release(self._mongo, self.name, stream, passed, session)

        await self._mongo.transact(body)

    async def _hold_failed(self, received: Received, error: Exception, last: Position) -> Position:
        if isinstance(error, NotYet):
            return await self._hold(received, "not_yet", str(error), last, error.awaited)
        reason = reason_of(error)
        log.error("event_parked", consumer=self.name, stream=received.stream, sequence=received.sequence, reason=reason)
        return await self._hold(received, "parked", reason, last)

    async def _hold(self, received: Received, kind: Kind, reason: str, last: Position, awaited: Awaited | None = None) -> Position:
        """Hold an event while its stream is at `last`; return the new position."""
        entry = hold(self.name, received, kind, reason, self._clock(), awaited)

        async def body(session: Session) -> None:
            await fence(self._mongo, self.name, {received.stream: last}, session)
            await self._mongo[WAITING].bulk_write([entry], session=session)

        await retrying(lambda: self._mongo.transact(body))
        return last.fenced()
