"""Reactions: events that become commands or ledger entries, in order per aggregate, never replayed."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import structlog
from opentelemetry.trace import Tracer

from shared.chassis.aggregate import Aggregate, Cause, Decide, Written
from shared.chassis.mongo import Document, Session, duplicate_as, retrying
from shared.chassis.order import put_in_order
from shared.chassis.parked.rehearsal import Rehearsal
from shared.chassis.positions import POSITIONS, Superseded, advance, fence, is_temporary, positions_of
from shared.chassis.received import Received, reason_of
from shared.chassis.telemetry import Metrics, span
from shared.chassis.waiting import WAITING, Awaited, Kept, Kind, Places, keep, leave, released_lanes, waiting_of
from shared.chassis.write import WritePath
from shared.contracts.base import DomainEvent
from shared.contracts.topics import Topic

log = structlog.get_logger()


class NotYet(Exception):
    """A fact this reaction needs has not come yet; it is tried again when `awaited` has been applied."""

    def __init__(self, awaited: Awaited) -> None:
        super().__init__(f"{awaited.consumer} must first apply {awaited.lane} {awaited.sequence}")
        self.awaited = awaited


@dataclass(frozen=True)
class Command:
    """A step of a reaction: a command on one aggregate."""

    aggregate: Aggregate[Any]
    id: str
    decide: Decide[Any]


@dataclass(frozen=True)
class Enter:
    """A step of a reaction: ledger entries, each with an id that says what it is for; known ones are left alone.

    `entered` is called after the commit, to wake who works on them.
    """

    collection: str
    documents: Sequence[Document]
    entered: Callable[[], None] = lambda: None


Step: TypeAlias = Command | Enter
Handle: TypeAlias = Callable[[Received, DomainEvent], Awaitable[Sequence[Step]]]


@dataclass(frozen=True)
class Reaction:
    """What a service does when it hears `hears`. The same event and the same facts must give the same steps."""

    name: str
    topics: tuple[Topic, ...]
    hears: tuple[type[DomainEvent], ...]
    handle: Handle


class ReactionConsumer:
    """Runs one reaction: lanes side by side (at most `width`), each event in a small transaction of its own."""

    def __init__(
        self, write: WritePath, reaction: Reaction, clock: Callable[[], datetime], metrics: Metrics, tracer: Tracer, width: int = 16
    ) -> None:
        self.name = reaction.name
        self.topics = reaction.topics
        self._mongo = write.mongo
        self._write = write
        self._reaction = reaction
        self._clock = clock
        self._metrics = metrics
        self._tracer = tracer
        self._places = asyncio.Semaphore(width)
        self._dense = {topic.name: not topic.compacted for topic in reaction.topics}

    async def consume(self, batch: Sequence[Received]) -> None:
        """React to a batch; a lane whose event fails is parked, every other goes on."""
        lanes: dict[str, list[Received]] = defaultdict(list)
        for received in batch:
            lanes[received.lane].append(received)
        await self._run_lanes(lanes)

    async def redrive(self, places: Places) -> None:
        """Try again what waited, on these partitions, for a fact that is known by now."""
        await self._run_lanes({lane: [] for lane in await released_lanes(self._mongo, self.name, places)})

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
            return Rehearsal("applied", [await self._foresee(step) for step in steps] or ["does nothing"])
        except NotYet as error:
            return Rehearsal("not_yet", [str(error)])
        except Exception as error:
            if is_temporary(error):
                raise
            return Rehearsal("parked", [reason_of(error)])

    async def _foresee(self, step: Step) -> str:
        if isinstance(step, Enter):
            ids = [document["_id"] for document in step.documents]
            known = await self._mongo[step.collection].count_documents({"_id": {"$in": ids}})
            return f"enters {len(ids) - known} in {step.collection}"
        stored = await self._mongo[step.aggregate.collection].find_one({"_id": step.id})
        events = step.decide(stored["state"] if stored else None)
        return f"{step.aggregate.name} {step.id}: {', '.join(event.TYPE for event in events) or 'nothing'}"

    async def _run_lanes(self, lanes: dict[str, list[Received]], retried: int | None = None) -> None:
        read, waiting = await asyncio.gather(positions_of(self._mongo, self.name, lanes), waiting_of(self._mongo, self.name, lanes))
        skipped: dict[str, int] = {}

        async def run(lane: str, arrived: list[Received]) -> None:
            async with self._places:
                passed = await self._lane(lane, arrived, read.get(lane), waiting.get(lane, []), retried)
                if passed is not None:
                    skipped[lane] = passed

        results = await asyncio.gather(*(run(lane, arrived) for lane, arrived in lanes.items()), return_exceptions=True)
        if skipped:
            await advance(self._mongo, self.name, read, skipped, None)
        for result in results:
            if isinstance(result, BaseException):
                raise result

    async def _lane(
        self, lane: str, arrived: list[Received], read: int | None, kept: list[Kept], retried: int | None
    ) -> int | None:
        """Do one lane; return the sequence up to which it was only passed over, where it was only that."""
        if not arrived and not kept:
            return None
        topic = (arrived or [kept[0].received])[0].record.topic
        parked = {item.sequence: item.reason for item in kept if item.kind == "parked" and item.sequence != retried}
        lane_sorted = put_in_order(read or 0, arrived, (item.received for item in kept), parked, self._dense[topic])
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
                await self._react(received, event, last, bool(kept))
                last, passed = received.sequence, None
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

    async def _react(self, received: Received, event: DomainEvent, last: int | None, was_kept: bool) -> None:
        envelope = received.envelope
        with (
            span(self._tracer, f"{self.name} {envelope.type}", envelope.traceparent, sequence=received.sequence),
            structlog.contextvars.bound_contextvars(correlation=envelope.correlation),
        ):
            steps = await self._reaction.handle(received, event)
            done = await self._done(received) if len(steps) > 1 else set()
            cause = Cause(envelope.correlation, envelope.id, envelope.district)
            for number, step in enumerate(steps):
                if number not in done:
                    final = number == len(steps) - 1
                    await self._step(received, step, number, cause, last, final, was_kept)
            if not steps:
                await self._mongo.transact(lambda session: self._finish(received, last, was_kept, session))

    async def _step(
        self, received: Received, step: Step, number: int, cause: Cause, last: int | None, final: bool, was_kept: bool
    ) -> None:
        async def alongside(session: Session, _written: Written[Any] | None = None) -> None:
            if final:
                await self._finish(received, last, was_kept, session)
            else:
                await self._tick(received, number, last, session)

        if isinstance(step, Command):
            await self._write.execute(step.aggregate, step.id, step.decide, cause, alongside=alongside)
            return

        async def body(session: Session) -> None:
            ids = [document["_id"] for document in step.documents]
            found = self._mongo[step.collection].find({"_id": {"$in": ids}}, {"_id": 1}, session=session)
            known = {document["_id"] async for document in found}
            if fresh := [document for document in step.documents if document["_id"] not in known]:
                await self._mongo[step.collection].insert_many(fresh, session=session)
            await alongside(session)

        await retrying(lambda: self._mongo.transact(body))
        step.entered()

    async def _done(self, received: Received) -> set[int]:
        """Read which steps of this event were already committed, before a crash in the middle."""
        position = await self._mongo[POSITIONS].find_one({"_id": f"{self.name}|{received.lane}"}) or {}
        done = position.get("done") or {}
        return set(done["steps"]) if done.get("sequence") == received.sequence else set()

    async def _tick(self, received: Received, number: int, last: int | None, session: Session) -> None:
        id = f"{self.name}|{received.lane}"
        position = await self._mongo[POSITIONS].find_one({"_id": id}, session=session) or {"sequence": 0}
        if position["sequence"] != (last or 0):
            raise Superseded
        done = position.get("done") or {}
        before = done["steps"] if done.get("sequence") == received.sequence else []
        if number in before:
            raise Superseded
        change = {"$set": {"done": {"sequence": received.sequence, "steps": [*before, number]}}, "$setOnInsert": {"sequence": 0}}
        with duplicate_as(Superseded):
            await self._mongo[POSITIONS].update_one({"_id": id}, change, upsert=True, session=session)

    async def _finish(self, received: Received, last: int | None, was_kept: bool, session: Session) -> None:
        read = await positions_of(self._mongo, self.name, [received.lane], session) if last is None else {received.lane: last}
        if last is None and read.get(received.lane):
            raise Superseded
        await advance(self._mongo, self.name, read, {received.lane: received.sequence}, session)
        if was_kept:
            await leave(self._mongo, self.name, received.lane, received.sequence, session)

    async def _pass(self, lane: str, last: int | None, passed: int) -> None:
        async def body(session: Session) -> None:
            read = {} if last is None else {lane: last}
            await advance(self._mongo, self.name, read, {lane: passed}, session)
            await leave(self._mongo, self.name, lane, passed, session)

        await self._mongo.transact(body)

    async def _set_aside(self, received: Received, error: Exception, last: int | None) -> int:
        if isinstance(error, NotYet):
            return await self._keep(received, "not_yet", str(error), last, error.awaited)
        reason = reason_of(error)
        log.error("event_parked", consumer=self.name, lane=received.lane, sequence=received.sequence, reason=reason)
        return await self._keep(received, "parked", reason, last)

    async def _keep(self, received: Received, kind: Kind, reason: str, last: int | None, awaited: Awaited | None = None) -> int:
        """Lay an event aside while the lane stands at `last`; return where it stands, 0 where it had no position."""
        entry = keep(self.name, received, kind, reason, self._clock(), awaited)

        async def body(session: Session) -> None:
            await fence(self._mongo, self.name, {received.lane: last or 0}, session)
            await self._mongo[WAITING].bulk_write([entry], session=session)

        await retrying(lambda: self._mongo.transact(body))
        return last or 0
