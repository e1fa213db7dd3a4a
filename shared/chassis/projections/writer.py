"""Writes the documents of a projection, with positions, dirty marks and held events, in one transaction."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.chassis.inbox.dry_run import RolledBack
from shared.chassis.inbox.held_events import WAITING, hold, release
from shared.chassis.inbox.message import Received
from shared.chassis.inbox.positions import Position, advance, fence
from shared.chassis.mongo import DeleteOne, Mongo, ReplaceOne, Session, UpdateOne
from shared.chassis.projections.fold import Folded, fold_all, place_of, read_events
from shared.chassis.projections.projection import DIRTY, Projection
from shared.chassis.telemetry.metrics_and_traces import Metrics


@dataclass(frozen=True)
class Batch:
    """A batch in sequence: the events `ready` to be folded, those to be `held`, the number of duplicates `dropped`.

    `read` are the positions of all streams, `touched` the streams with events to apply or hold, `waiting` those with held
    events.
    """

    ready: Sequence[Received]
    held: Sequence[UpdateOne]
    dropped: int
    read: Mapping[str, Position]
    touched: Set[str]
    waiting: Set[str]


class Documents:
    """Writes the documents of one projection."""

    def __init__(self, mongo: Mongo, projection: Projection[Any], clock: Callable[[], datetime], metrics: Metrics) -> None:
        self._mongo = mongo
        self._projection = projection
        self._clock = clock
        self._metrics = metrics

    async def write(self, batch: Batch, commit: bool = True) -> Folded:
        """Fold the ready events and write the result; without `commit`, report only what would be written.

        Raises Superseded where another process moved a position meanwhile.
        """

        async def body(session: Session) -> Folded:
            # Documents are read in the transaction that writes them: a stream of another partition, or a rebuild, may do so too.
            folded = await self._fold(batch.ready, session)
            await self._save(folded, session)
            if to_hold := [*batch.held, *folded.held]:
                await self._mongo[WAITING].bulk_write(to_hold, session=session)
            name = self._projection.name
            reached = {received.stream: received.sequence for received in folded.applied}
            for stream in batch.waiting & reached.keys():
                await release(self._mongo, name, stream, reached[stream], session)
            await fence(self._mongo, name, {stream: batch.read[stream] for stream in batch.touched - reached.keys()}, session)
            await advance(self._mongo, name, batch.read, reached, session)
            if not commit:
                raise RolledBack(folded)
            return folded

        try:
            return await self._mongo.transact(body)
        except RolledBack as rolled_back:
            folded: Folded = rolled_back.result
            return folded

    async def dead_letter(self, received: Received, reason: str, at: Position) -> Folded:
        """Make an event that cannot be written a dead letter, while its stream is still `at` this position."""

        async def body(session: Session) -> None:
            await fence(self._mongo, self._projection.name, {received.stream: at}, session)
            entry = hold(self._projection.name, received, "parked", reason, self._clock())
            await self._mongo[WAITING].bulk_write([entry], session=session)

        await self._mongo.transact(body)
        return Folded([], {}, {}, [], {place_of(received): reason})

    async def _fold(self, ready: Sequence[Received], session: Session) -> Folded:
        events, unreadable = read_events(ready, self._metrics, self._projection.name)
        targets = {id for received, event in events if event for id in self._projection.targets(received, event)}
        rows: dict[str, Any] = {}
        if targets:
            documents = self._mongo[self._projection.collection].find({"_id": {"$in": list(targets)}}, session=session)
            rows = {document["_id"]: self._projection.read(document) async for document in documents}
        return fold_all(self._projection, events, unreadable, rows, self._clock())

    async def _save(self, folded: Folded, session: Session) -> None:
        if folded.rows:
            changes = [
                DeleteOne({"_id": id}) if row is None else ReplaceOne({"_id": id}, self._projection.dump(row), upsert=True)
                for id, row in folded.rows.items()
            ]
            await self._mongo[self._projection.collection].bulk_write(changes, session=session, ordered=False)
        if folded.dirty:
            marks = [UpdateOne({"_id": id}, {"$set": {"by": by}}, upsert=True) for id, by in folded.dirty.items()]
            await self._mongo[DIRTY].bulk_write(marks, session=session, ordered=False)
