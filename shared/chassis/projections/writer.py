"""The documents of a projection: folded, and written with positions, marks and what waits, in one transaction."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.chassis.inbox.dry_run import Rehearsed
from shared.chassis.inbox.held_events import WAITING, keep, leave
from shared.chassis.inbox.message import Received
from shared.chassis.inbox.positions import Position, advance, fence
from shared.chassis.mongo import DeleteOne, Mongo, ReplaceOne, Session, UpdateOne
from shared.chassis.projections.fold import Folded, fold_all, place_of, read_events
from shared.chassis.projections.projection import DIRTY, Projection
from shared.chassis.telemetry.metrics_and_traces import Metrics


@dataclass(frozen=True)
class Batch:
    """A batch put in order: what is `ready` to be folded, what is to be `held`, how many were `dropped` as known.

    `read` are the positions of all lanes, `touched` the lanes with something to apply or hold, `waiting` those with
    something in the waiting room.
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
        """Fold what is ready and write all of it; without `commit`, tell only what that would come to.

        Raises Superseded where another process moved a position meanwhile.
        """

        async def body(session: Session) -> Folded:
            # Documents are read in the transaction that writes them: a lane of another partition, or a rebuild, may do so too.
            folded = await self._fold(batch.ready, session)
            await self._save(folded, session)
            if to_keep := [*batch.held, *folded.parked]:
                await self._mongo[WAITING].bulk_write(to_keep, session=session)
            name = self._projection.name
            reached = {received.lane: received.sequence for received in folded.applied}
            for lane in batch.waiting & reached.keys():
                await leave(self._mongo, name, lane, reached[lane], session)
            await fence(self._mongo, name, {lane: batch.read[lane] for lane in batch.touched - reached.keys()}, session)
            await advance(self._mongo, name, batch.read, reached, session)
            if not commit:
                raise Rehearsed(folded)
            return folded

        try:
            return await self._mongo.transact(body)
        except Rehearsed as ended:
            told: Folded = ended.result
            return told

    async def park(self, received: Received, reason: str, at: Position) -> Folded:
        """Park one event that cannot be written, while its lane stands where it was read."""

        async def body(session: Session) -> None:
            await fence(self._mongo, self._projection.name, {received.lane: at}, session)
            parked = keep(self._projection.name, received, "parked", reason, self._clock())
            await self._mongo[WAITING].bulk_write([parked], session=session)

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
