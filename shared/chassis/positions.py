"""How far a consumer has come in each lane: the last sequence it applied. Written with what it applied."""

from collections.abc import Iterable, Mapping

from shared.chassis.mongo import InsertOne, Mongo, Session, UpdateOne, duplicate_as, is_outage, is_transient

POSITIONS = "positions"


class Superseded(Exception):
    """Another process moved a position meanwhile: read the positions again and start over.

    Two consumers can hold one partition for a moment of a rebalance; only one of them may write.
    """


def is_temporary(error: BaseException) -> bool:
    """Tell whether the same work may succeed when it is done again: nothing is to be parked for this."""
    return isinstance(error, Superseded) or is_outage(error) or is_transient(error)


async def positions_of(mongo: Mongo, consumer: str, lanes: Iterable[str], session: Session | None = None) -> dict[str, int]:
    """Read the positions of a consumer in these lanes; a lane never seen is absent."""
    ids = [f"{consumer}|{lane}" for lane in lanes]
    cut = len(consumer) + 1
    found = mongo[POSITIONS].find({"_id": {"$in": ids}}, session=session)
    return {document["_id"][cut:]: document["sequence"] async for document in found}


async def advance(
    mongo: Mongo, consumer: str, read: Mapping[str, int], applied: Mapping[str, int], session: Session | None
) -> None:
    """Move positions from what was `read` to what was `applied`.

    Raises Superseded where one is no longer where it was read.
    """
    if not applied:
        return
    moves = [
        UpdateOne({"_id": f"{consumer}|{lane}", "sequence": read[lane]}, {"$set": {"sequence": sequence}})
        if lane in read
        else InsertOne({"_id": f"{consumer}|{lane}", "sequence": sequence})
        for lane, sequence in applied.items()
    ]
    with duplicate_as(Superseded):
        result = await mongo[POSITIONS].bulk_write(moves, ordered=session is not None, session=session)
    if result.matched_count + result.inserted_count != len(moves):
        raise Superseded


async def fence(mongo: Mongo, consumer: str, read: Mapping[str, int], session: Session) -> None:
    """Hold positions where they were read (0 for a lane never seen) until the transaction ends. Raises Superseded.

    What is laid aside in the waiting room depends on them: laid aside behind a position that has moved on, it would
    wait for ever. Counting makes this a write, so that two transactions cannot both believe they came first.
    """
    if not read:
        return
    holds = [
        UpdateOne({"_id": f"{consumer}|{lane}", "sequence": sequence}, {"$inc": {"held": 1}}, upsert=not sequence)
        for lane, sequence in read.items()
    ]
    with duplicate_as(Superseded):
        result = await mongo[POSITIONS].bulk_write(holds, session=session)
    if result.matched_count + result.upserted_count != len(holds):
        raise Superseded
