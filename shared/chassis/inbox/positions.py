"""How far a consumer has come in each lane: the last sequence it applied. Written with what it applied."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.chassis.mongo import Document, InsertOne, Mongo, Session, UpdateOne, duplicate_as, is_outage, is_transient

POSITIONS = "positions"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a lane stands: the last `sequence` applied, and how often it was `held` there, which only ever grows."""

    sequence: int = 0
    held: int = 0

    def once_held(self) -> "Position":
        """Tell where it stands after a fence."""
        return Position(self.sequence, self.held + 1)

    def moved(self, sequence: int) -> "Position":
        """Tell where it stands after an advance."""
        return Position(sequence, self.held)


NEVER_SEEN = Position()


class Superseded(Exception):
    """Another process moved or held a position meanwhile: read the positions again and start over.

    Two consumers can hold one partition for a moment of a rebalance; only one of them may write.
    """


def is_temporary(error: BaseException) -> bool:
    """Tell whether the same work may succeed when it is done again: nothing is to be parked for this."""
    return isinstance(error, Superseded) or is_outage(error) or is_transient(error)


async def positions_of(mongo: Mongo, consumer: str, lanes: Iterable[str], session: Session | None = None) -> dict[str, Position]:
    """Read the positions of a consumer in these lanes, each of them.

    Whoever needs what waits there too reads it after this: what was laid aside before is then seen, and what is laid
    aside later is found out by `advance` and `fence`.
    """
    ids = {f"{consumer}|{lane}": lane for lane in lanes}
    read = dict.fromkeys(ids.values(), NEVER_SEEN)
    async for document in mongo[POSITIONS].find({"_id": {"$in": list(ids)}}, session=session):
        read[ids[document["_id"]]] = Position(document["sequence"], document.get("held", 0))
    return read


async def advance(
    mongo: Mongo, consumer: str, read: Mapping[str, Position], applied: Mapping[str, int], session: Session | None
) -> None:
    """Move positions from what was `read` to the sequences that are `applied`. Raises Superseded."""
    moves = [_write(f"{consumer}|{lane}", read[lane], {"sequence": sequence}) for lane, sequence in applied.items()]
    await _all_of(mongo, moves, session)


async def fence(mongo: Mongo, consumer: str, read: Mapping[str, Position], session: Session, done: Document | None = None) -> None:
    """Hold positions where they were read until the transaction ends; note what is `done` of the next event. Raises Superseded.

    What is laid aside in the waiting room depends on them: laid aside behind a position that has moved on, it would
    wait for ever. Counting makes this a write, so that two transactions cannot both believe they came first.
    """
    noted = {"done": done} if done else {}
    holds = [_write(f"{consumer}|{lane}", at, {"held": at.held + 1, **noted}) for lane, at in read.items()]
    await _all_of(mongo, holds, session)


def _write(id: str, at: Position, change: Document) -> InsertOne[Any] | UpdateOne:
    if at == NEVER_SEEN:
        return InsertOne({"_id": id, "sequence": 0, **change})
    # Without a count it was never held; null finds what is not there.
    return UpdateOne({"_id": id, "sequence": at.sequence, "held": at.held or None}, {"$set": change})


async def _all_of(mongo: Mongo, writes: list[InsertOne[Any] | UpdateOne], session: Session | None) -> None:
    if not writes:
        return
    with duplicate_as(Superseded):
        result = await mongo[POSITIONS].bulk_write(writes, ordered=session is not None, session=session)
    if result.matched_count + result.inserted_count != len(writes):
        raise Superseded
