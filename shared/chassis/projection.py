"""Projections: others' facts folded into read models, in big batches, one transaction each."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeAlias

import structlog

from shared.chassis.mongo import DeleteOne, Document, Mongo, ReplaceOne, Session, UpdateOne, retrying
from shared.chassis.order import put_in_order
from shared.chassis.parked.rehearsal import Rehearsal, Rehearsed
from shared.chassis.positions import advance, fence, is_temporary, positions_of
from shared.chassis.received import Received, reason_of
from shared.chassis.telemetry import Metrics
from shared.chassis.waiting import WAITING, Places, keep, leave, waiting_of
from shared.contracts.base import DomainEvent
from shared.contracts.topics import Topic

log = structlog.get_logger()
DIRTY = "dirty"


def marks_nothing(_received: Received, _event: DomainEvent) -> Iterable[str]:
    """Mark nothing dirty."""
    return ()


def own_key(received: Received, _event: DomainEvent) -> Iterable[str]:
    """Fold each event into the document of its own aggregate."""
    return (received.id,)


Fold = Callable[[str, Document | None, Received, DomainEvent], Document | None]


@dataclass(frozen=True)
class Projection:
    """A read model: `fold(id, document, received, event)` gives the document after an event, None to have none.

    Folds are pure, and events of different topics may come in any order and must give the same documents.
    `targets` says which documents an event changes, `marks` which ids go on the `dirty` list for a worker.
    """

    name: str
    topics: tuple[Topic, ...]
    collection: str
    fold: Fold
    targets: Callable[[Received, DomainEvent], Iterable[str]] = own_key
    marks: Callable[[Received, DomainEvent], Iterable[str]] = marks_nothing


Lanes: TypeAlias = Mapping[str, Sequence[Received]]


def _lanes(batch: Sequence[Received]) -> Lanes:
    lanes: dict[str, list[Received]] = defaultdict(list)
    for received in batch:
        lanes[received.lane].append(received)
    return lanes


class ProjectionConsumer:
    """Applies batches of events to one projection's documents."""

    def __init__(self, mongo: Mongo, projection: Projection, clock: Callable[[], datetime], metrics: Metrics) -> None:
        self.name = projection.name
        self.topics = projection.topics
        self._mongo = mongo
        self._projection = projection
        self._clock = clock
        self._metrics = metrics
        self._dense = {topic.name: not topic.compacted for topic in projection.topics}

    async def consume(self, batch: Sequence[Received]) -> None:
        """Apply a batch; one that fails on its own is split until the culprit stands alone and is parked."""
        try:
            await retrying(lambda: self._once(_lanes(batch)))
        except Exception as error:
            if is_temporary(error):
                raise
            if len(batch) == 1:
                await self._one_by_one(_lanes(batch))
                return
            middle = len(batch) // 2
            await self.consume(batch[:middle])
            await self.consume(batch[middle:])

    async def redrive(self, places: Places) -> None:
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
        documents = ", ".join(folded.documents) or "no document"
        applied = f"applies {', '.join(sequences)} to {documents}"
        return Rehearsal("applied", [applied, *(f"then parks one: {reason}" for reason in folded.reasons.values())])

    async def _one_by_one(self, lanes: Lanes, retried: int | None = None) -> None:
        """Apply each event of one lane on its own: the one that cannot be written is parked, not the one it waited for."""
        while True:
            folded = await retrying(partial(self._once, lanes, retried, alone=True))
            if not (folded.applied or folded.reasons):
                return
            retried = None

    async def _once(self, lanes: Lanes, retried: int | None = None, *, alone: bool = False, commit: bool = True) -> "Folded":
        read, waiting = await asyncio.gather(positions_of(self._mongo, self.name, lanes), waiting_of(self._mongo, self.name, lanes))
        writes: list[UpdateOne] = []
        ready: list[Received] = []
        stood: dict[str, int] = {}
        for lane, arrived in lanes.items():
            kept = waiting.get(lane, [])
            parked = {item.sequence: item.reason for item in kept if item.kind == "parked" and item.sequence != retried}
            dense = self._dense[lane.partition("|")[0]]
            lane_sorted = put_in_order(read.get(lane, 0), arrived, (item.received for item in kept), parked, dense)
            ready += lane_sorted.ready
            if lane_sorted.held or lane_sorted.ready:
                stood[lane] = read.get(lane, 0)
            writes += [keep(self.name, held, "gap", "an earlier event is missing", self._clock()) for held in lane_sorted.held]
            self._metrics.dropped.labels(self.name).inc(0 if alone else lane_sorted.dropped)
        if not (writes or ready):
            return NOTHING
        try:
            folded = await self._write(ready[:1] if alone else ready, writes, read, stood, waiting.keys(), commit)
        except Exception as error:
            if not alone or not ready or is_temporary(error):
                raise
            folded = await self._park(ready[0], reason_of(error), stood)
        for place, reason in folded.reasons.items() if commit else ():
            log.error("event_parked", consumer=self.name, place=place, reason=reason)
        return folded

    async def _write(
        self,
        ready: Sequence[Received],
        held: list[UpdateOne],
        read: Mapping[str, int],
        stood: Mapping[str, int],
        waiting: Set[str],
        commit: bool,
    ) -> "Folded":
        async def body(session: Session) -> Folded:
            # Documents are read in the transaction that writes them: a lane of another partition, or a rebuild, may do so too.
            folded = await self._fold(ready, session)
            if folded.documents:
                changes = [
                    DeleteOne({"_id": id}) if document is None else ReplaceOne({"_id": id}, {**document, "_id": id}, upsert=True)
                    for id, document in folded.documents.items()
                ]
                await self._mongo[self._projection.collection].bulk_write(changes, session=session, ordered=False)
            if folded.dirty:
                marks = [UpdateOne({"_id": id}, {"$set": {"by": by}}, upsert=True) for id, by in folded.dirty.items()]
                await self._mongo[DIRTY].bulk_write(marks, session=session, ordered=False)
            if to_keep := held + folded.parked:
                await self._mongo[WAITING].bulk_write(to_keep, session=session)
            reached = {received.lane: received.sequence for received in folded.applied}
            for lane in waiting & reached.keys():
                await leave(self._mongo, self.name, lane, reached[lane], session)
            await fence(self._mongo, self.name, {lane: last for lane, last in stood.items() if lane not in reached}, session)
            await advance(self._mongo, self.name, read, reached, session)
            if not commit:
                raise Rehearsed(folded)
            return folded

        try:
            return await self._mongo.transact(body)
        except Rehearsed as ended:
            told: Folded = ended.result
            return told

    async def _fold(self, ready: Sequence[Received], session: Session) -> "Folded":
        events, unreadable = read_events(ready, self._metrics, self.name)
        targets = {id for received, event in events if event for id in self._projection.targets(received, event)}
        documents: dict[str, Document | None] = {}
        if targets:
            found = self._mongo[self._projection.collection].find({"_id": {"$in": list(targets)}}, session=session)
            documents = {document["_id"]: document async for document in found}
        return fold_all(self._projection, events, unreadable, documents, self._clock())

    async def _park(self, received: Received, reason: str, stood: Mapping[str, int]) -> "Folded":
        async def body(session: Session) -> None:
            await fence(self._mongo, self.name, {received.lane: stood[received.lane]}, session)
            await self._mongo[WAITING].bulk_write([keep(self.name, received, "parked", reason, self._clock())], session=session)

        await self._mongo.transact(body)
        return Folded([], {}, {}, [], {f"{received.lane}|{received.sequence}": reason})


@dataclass(frozen=True)
class Folded:
    """A batch folded in memory: what to write."""

    applied: list[Received]
    documents: dict[str, Document | None]
    dirty: dict[str, str]
    parked: list[UpdateOne]
    reasons: dict[str, str]


NOTHING = Folded([], {}, {}, [], {})
Events = list[tuple[Received, DomainEvent | None]]


def read_events(ready: Sequence[Received], metrics: Metrics, consumer: str) -> tuple[Events, dict[str, str]]:
    """Read the data of each; unknown types are counted and pass, unreadable ones are named with the reason by lane."""
    events: Events = []
    unreadable: dict[str, str] = {}
    for received in ready:
        try:
            event = received.event()
        except ValueError as error:
            unreadable[f"{received.lane}|{received.sequence}"] = reason_of(error)
            event = None
        else:
            if event is None:
                metrics.unknown.labels(consumer).inc()
        events.append((received, event))
    return events, unreadable


def fold_all(
    projection: Projection,
    events: Events,
    unreadable: Mapping[str, str],
    found: Mapping[str, Document | None],
    now: datetime,
) -> Folded:
    """Fold events in order. One that fails is parked, and later ones of its lane are held behind it."""
    documents = dict(found)
    changed: dict[str, Document | None] = {}
    applied: list[Received] = []
    dirty: dict[str, str] = {}
    parked: list[UpdateOne] = []
    reasons: dict[str, str] = {}
    stopped: set[str] = set()
    for received, event in events:
        if received.lane in stopped:
            parked.append(keep(projection.name, received, "gap", "an earlier event is parked", now))
            continue
        reason = unreadable.get(f"{received.lane}|{received.sequence}")
        try:
            after = (
                {}
                if event is None
                else {
                    id: projection.fold(id, changed[id] if id in changed else documents.get(id), received, event)
                    for id in projection.targets(received, event)
                }
            )
        except Exception as error:
            reason = reason_of(error)
            after = {}
        if reason is not None:
            reasons[f"{received.lane}|{received.sequence}"] = reason
            parked.append(keep(projection.name, received, "parked", reason, now))
            stopped.add(received.lane)
            continue
        changed |= after
        applied.append(received)
        if event is not None:
            dirty |= dict.fromkeys(projection.marks(received, event), received.envelope.id)
    return Folded(applied, changed, dirty, parked, reasons)
