"""Cutover to a rebuilt projection: each document in one transaction, at the live consumer's position or after it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.chassis.inbox.held_events import WAITING, release
from shared.chassis.inbox.positions import POSITIONS, Position, Superseded, advance, positions_of
from shared.chassis.mongo import DeleteOne, Document, Mongo, ReplaceOne, Session, UpdateOne, is_transient, retrying
from shared.chassis.projections.projection import DIRTY, Projection
from shared.chassis.rebuild.lineage import Group, Lineage
from shared.chassis.workers.lease import Lease


@dataclass(frozen=True)
class CutoverResult:
    """The number of groups cut over and of documents changed, and the groups to retry."""

    groups: int
    changed: int
    pending: Sequence[Group]


@dataclass(frozen=True)
class _Side:
    """The live or the rebuilt side: positions and held events by stream, and the documents."""

    positions: Mapping[str, Position]
    held: Mapping[str, Mapping[int, Document]]
    documents: Mapping[str, Document]

    def behind(self, stream: str) -> Mapping[int, Document]:
        """The held events of a stream, by sequence."""
        return self.held.get(stream, {})


class Cutover:
    """Compares the rebuilt side with the live one and writes the differences.

    The lease is confirmed in each writing transaction: a process that was stopped for so long that it lost it writes nothing.
    """

    def __init__(
        self,
        live: Mongo,
        built: Mongo,
        projection: Projection[Any],
        lineage: Lineage,
        lease: Lease,
        clock: Callable[[], datetime],
    ) -> None:
        self._live = live
        self._built = built
        self._projection = projection
        self._lineage = lineage
        self._lease = lease
        self._clock = clock

    async def take(self, groups: Sequence[Group]) -> CutoverResult:
        """Cut these groups over in one transaction; one whose live side is ahead, or advances meanwhile, stays pending."""
        streams = {stream for group in groups for stream in group.streams}
        documents = {id for group in groups for id in group.documents}
        built = await self._read(self._built, streams, documents, None)

        async def body(session: Session) -> CutoverResult:
            live = await self._read(self._live, streams, documents, session)
            ready = [group for group in groups if _is_ready(group, live, built)]
            changed = {id for group in ready for id in group.documents if live.documents.get(id) != built.documents.get(id)}
            moved = [group for group in ready if group.documents & changed or _moves(group, live, built)]
            if moved:
                await self._lease.confirm(session)
                await self._write(moved, changed, live, built, session)
            pending = [group for group in groups if group not in ready]
            return CutoverResult(len(ready), len(changed), pending)

        try:
            return await retrying(lambda: self._live.transact(body))
        except Exception as error:
            if isinstance(error, Superseded) or is_transient(error):
                return CutoverResult(0, 0, groups)
            raise

    async def _read(self, mongo: Mongo, streams: Iterable[str], ids: Iterable[str], session: Session | None) -> _Side:
        name = self._projection.name
        positions = await positions_of(mongo, name, streams, session)
        held: dict[str, dict[int, Document]] = {}
        entries = mongo[WAITING].find({"consumer": name, "lane": {"$in": list(streams)}}, {"record": 0}, session=session)
        async for entry in entries:
            held.setdefault(entry["lane"], {})[entry["sequence"]] = entry
        documents = mongo[self._projection.collection].find({"_id": {"$in": list(ids)}}, session=session)
        return _Side(positions, held, {document["_id"]: document async for document in documents})

    async def _write(self, groups: Sequence[Group], changed: set[str], live: _Side, built: _Side, session: Session) -> None:
        streams = {stream for group in groups for stream in group.streams}
        steps: list[Any] = [
            ReplaceOne({"_id": id}, built.documents[id], upsert=True) if id in built.documents else DeleteOne({"_id": id})
            for id in changed
        ]
        if steps:
            await self._live[self._projection.collection].bulk_write(steps, session=session, ordered=False)
        await self._mark(self._lineage.marks_of(streams), session)
        forward = {stream: built.positions[stream].sequence for stream in streams if _ahead(stream, live, built)}
        await advance(self._live, self._projection.name, live.positions, forward, session)
        for stream in live.held.keys() & forward.keys():
            await release(self._live, self._projection.name, stream, forward[stream], session)
            # Events still held are held as on the rebuilt side: one behind a gap may be a dead letter now.
            for sequence in live.behind(stream).keys() & built.behind(stream).keys():
                change = {name: built.behind(stream)[sequence][name] for name in ("kind", "reason")}
                await self._live[WAITING].update_one(
                    {"_id": live.behind(stream)[sequence]["_id"]}, {"$set": change}, session=session
                )
        # Written even without an advance: so a live consumer of the stream and this cutover never both commit.
        mark = {"$set": {"rebuilt": self._clock()}}
        marks = [UpdateOne({"_id": f"{self._projection.name}|{stream}"}, mark) for stream in streams - forward.keys()]
        if marks:
            await self._live[POSITIONS].bulk_write(marks, session=session, ordered=False)

    async def _mark(self, ids: Iterable[str], session: Session) -> None:
        by = f"rebuild {self._clock().isoformat()}"
        if marks := [UpdateOne({"_id": id}, {"$set": {"by": by}}, upsert=True) for id in ids]:
            await self._live[DIRTY].bulk_write(marks, session=session, ordered=False)


def _ahead(stream: str, live: _Side, built: _Side) -> bool:
    return built.positions[stream].sequence > live.positions[stream].sequence


def _moves(group: Group, live: _Side, built: _Side) -> bool:
    return any(_ahead(stream, live, built) for stream in group.streams)


def _is_ready(group: Group, live: _Side, built: _Side) -> bool:
    """Whether the rebuilt side of a group has applied and holds all events that the live one has."""
    for stream in group.streams:
        position = built.positions[stream].sequence
        held = {sequence for sequence in live.behind(stream) if sequence > position}
        if position < live.positions[stream].sequence or not held <= built.behind(stream).keys():
            return False
    return True
