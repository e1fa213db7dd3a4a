"""How far a consumer has come in each stream: the last sequence it applied. Written with what it applied."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.chassis.mongo import Document, InsertOne, Mongo, Session, UpdateOne, duplicate_as, is_outage, is_transient

POSITIONS = "positions"


@dataclass(frozen=True, slots=True)
class Position:
    """The last `sequence` applied of a stream, and how often the stream was fenced there (`held`), which only grows."""

    sequence: int = 0
    held: int = 0

    def fenced(self) -> "Position":
        """The position after a fence."""
        return Position(self.sequence, self.held + 1)

    def moved(self, sequence: int) -> "Position":
        """The position after an advance."""
        return Position(sequence, self.held)


NEVER_SEEN = Position()


class Superseded(Exception):
    """Another process advanced or fenced a position meanwhile: read the positions and retry.

    Two consumers can hold one partition for a moment of a rebalance; only one of them may write.
    """


def is_temporary(error: BaseException) -> bool:
    """Whether the same work may succeed when retried: no event becomes a dead letter for this."""
    return isinstance(error, Superseded) or is_outage(error) or is_transient(error)


async def positions_of(mongo: Mongo, consumer: str, streams: Iterable[str], session: Session | None = None) -> dict[str, Position]:
    """Read the position of a consumer in each of these streams.

    Held events are read after this: events held before are then seen, and those held later are detected by `advance` and
    `fence`.
    """
    ids = {f"{consumer}|{stream}": stream for stream in streams}
    read = dict.fromkeys(ids.values(), NEVER_SEEN)
    async for document in mongo[POSITIONS].find({"_id": {"$in": list(ids)}}, session=session):
        read[ids[document["_id"]]] = Position(document["sequence"], document.get("held", 0))
    return read


async def advance(
    mongo: Mongo, consumer: str, read: Mapping[str, Position], applied: Mapping[str, int], session: Session | None
) -> None:
    """Move positions from what was `read` to the sequences that are `applied`. Raises Superseded."""
    moves = [_write(f"{consumer}|{stream}", read[stream], {"sequence": sequence}) for stream, sequence in applied.items()]
    await _write_all(mongo, moves, session)


async def fence(mongo: Mongo, consumer: str, read: Mapping[str, Position], session: Session, done: Document | None = None) -> None:
    """Fix positions where they were read until the transaction ends; note the steps `done` of the next event. Raises Superseded.

    Held events depend on them: an event held behind a position that has advanced would wait for ever. The count makes this a
    write, so that of two transactions only one commits.
    """
    noted = {"done": done} if done else {}
    holds = [_write(f"{consumer}|{stream}", at, {"held": at.held + 1, **noted}) for stream, at in read.items()]
    await _write_all(mongo, holds, session)


def _write(id: str, at: Position, change: Document) -> InsertOne[Any] | UpdateOne:
    if at == NEVER_SEEN:
        return InsertOne({"_id": id, "sequence": 0, **change})
    # A stream that was never fenced has no count; null matches a missing field.
    return UpdateOne({"_id": id, "sequence": at.sequence, "held": at.held or None}, {"$set": change})


async def _write_all(mongo: Mongo, writes: list[InsertOne[Any] | UpdateOne], session: Session | None) -> None:
    if not writes:
        return
    with duplicate_as(Superseded):
        result = await mongo[POSITIONS].bulk_write(writes, ordered=session is not None, session=session)
    if result.matched_count + result.inserted_count != len(writes):
        raise Superseded
