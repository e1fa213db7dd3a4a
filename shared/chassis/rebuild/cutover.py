"""Taking a rebuilt projection over: each document in one transaction, at the position of the live consumer or after it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.chassis.inbox.held_events import WAITING, leave
from shared.chassis.inbox.positions import POSITIONS, Position, Superseded, advance, positions_of
from shared.chassis.mongo import DeleteOne, Document, Mongo, ReplaceOne, Session, UpdateOne, is_transient, retrying
from shared.chassis.projections.projection import DIRTY, Projection
from shared.chassis.rebuild.lineage import Footprint, Group
from shared.chassis.workers.lease import Lease


@dataclass(frozen=True)
class Taken:
    """What became of some groups: those that are as rebuilt now, how many documents changed, and those to try again."""

    groups: int
    changed: int
    pending: Sequence[Group]


@dataclass(frozen=True)
class _Side:
    """One of the two: how far each lane has come, what waits in it, and the documents."""

    positions: Mapping[str, Position]
    waiting: Mapping[str, Mapping[int, Document]]
    documents: Mapping[str, Document]

    def behind(self, lane: str) -> Mapping[int, Document]:
        """Tell what waits behind the position of a lane, and why, by sequence."""
        return self.waiting.get(lane, {})


class Takeover:
    """Compares the rebuilt side with the live one and writes what differs.

    The lease is confirmed in each writing transaction: whoever lost it, stopped for too long, writes nothing any more.
    """

    def __init__(
        self,
        live: Mongo,
        built: Mongo,
        projection: Projection[Any],
        footprint: Footprint,
        lease: Lease,
        clock: Callable[[], datetime],
    ) -> None:
        self._live = live
        self._built = built
        self._projection = projection
        self._footprint = footprint
        self._lease = lease
        self._clock = clock

    async def take(self, groups: Sequence[Group]) -> Taken:
        """Take these groups over in one transaction; one whose live side is ahead, or moves meanwhile, stays pending."""
        lanes = {lane for group in groups for lane in group.lanes}
        documents = {id for group in groups for id in group.documents}
        built = await self._read(self._built, lanes, documents, None)

        async def body(session: Session) -> Taken:
            live = await self._read(self._live, lanes, documents, session)
            ready = [group for group in groups if _is_ready(group, live, built)]
            changed = {id for group in ready for id in group.documents if live.documents.get(id) != built.documents.get(id)}
            moved = [group for group in ready if group.documents & changed or _moves(group, live, built)]
            if moved:
                await self._lease.confirm(session)
                await self._write(moved, changed, live, built, session)
            pending = [group for group in groups if group not in ready]
            return Taken(len(ready), len(changed), pending)

        try:
            return await retrying(lambda: self._live.transact(body))
        except Exception as error:
            if isinstance(error, Superseded) or is_transient(error):
                return Taken(0, 0, groups)
            raise

    async def _read(self, mongo: Mongo, lanes: Iterable[str], ids: Iterable[str], session: Session | None) -> _Side:
        name = self._projection.name
        positions = await positions_of(mongo, name, lanes, session)
        waiting: dict[str, dict[int, Document]] = {}
        entries = mongo[WAITING].find({"consumer": name, "lane": {"$in": list(lanes)}}, {"record": 0}, session=session)
        async for entry in entries:
            waiting.setdefault(entry["lane"], {})[entry["sequence"]] = entry
        found = mongo[self._projection.collection].find({"_id": {"$in": list(ids)}}, session=session)
        return _Side(positions, waiting, {document["_id"]: document async for document in found})

    async def _write(self, groups: Sequence[Group], changed: set[str], live: _Side, built: _Side, session: Session) -> None:
        lanes = {lane for group in groups for lane in group.lanes}
        steps: list[Any] = [
            ReplaceOne({"_id": id}, built.documents[id], upsert=True) if id in built.documents else DeleteOne({"_id": id})
            for id in changed
        ]
        if steps:
            await self._live[self._projection.collection].bulk_write(steps, session=session, ordered=False)
        await self._mark(self._footprint.marks_of(lanes), session)
        forward = {lane: built.positions[lane].sequence for lane in lanes if _ahead(lane, live, built)}
        await advance(self._live, self._projection.name, live.positions, forward, session)
        for lane in live.waiting.keys() & forward.keys():
            await leave(self._live, self._projection.name, lane, forward[lane], session)
            # What still waits there waits as it does on the rebuilt side: what was a gap may be parked now.
            for sequence in live.behind(lane).keys() & built.behind(lane).keys():
                why = {name: built.behind(lane)[sequence][name] for name in ("kind", "reason")}
                await self._live[WAITING].update_one({"_id": live.behind(lane)[sequence]["_id"]}, {"$set": why}, session=session)
        # Written even where it stands still: so a live consumer at work on the lane and this one never both commit.
        still = {"$set": {"rebuilt": self._clock()}}
        stands = [UpdateOne({"_id": f"{self._projection.name}|{lane}"}, still) for lane in lanes - forward.keys()]
        if stands:
            await self._live[POSITIONS].bulk_write(stands, session=session, ordered=False)

    async def _mark(self, ids: Iterable[str], session: Session) -> None:
        by = f"rebuild {self._clock().isoformat()}"
        if marks := [UpdateOne({"_id": id}, {"$set": {"by": by}}, upsert=True) for id in ids]:
            await self._live[DIRTY].bulk_write(marks, session=session, ordered=False)


def _ahead(lane: str, live: _Side, built: _Side) -> bool:
    return built.positions[lane].sequence > live.positions[lane].sequence


def _moves(group: Group, live: _Side, built: _Side) -> bool:
    return any(_ahead(lane, live, built) for lane in group.lanes)


def _is_ready(group: Group, live: _Side, built: _Side) -> bool:
    """Tell whether the rebuilt side knows all that the live one knows of a group: what it applied, and what it holds."""
    for lane in group.lanes:
        position = built.positions[lane].sequence
        held = {sequence for sequence in live.behind(lane) if sequence > position}
        if position < live.positions[lane].sequence or not held <= built.behind(lane).keys():
            return False
    return True
