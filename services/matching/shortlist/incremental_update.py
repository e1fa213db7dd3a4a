"""Writing single lists again, among those that are read."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TypeAlias

from services.matching.shortlist.full_rebuild import take_away
from services.matching.store import SHORTLISTS
from shared.chassis.mongo import DeleteOne, Document, Mongo, ReplaceOne, Session, retrying
from shared.chassis.workers.lease import Lease

Step: TypeAlias = ReplaceOne[Document] | DeleteOne


async def rewrite(
    mongo: Mongo,
    lease: Lease,
    number: str,
    blocks: AsyncIterator[list[Document]],
    gone: Sequence[str],
    marks: Mapping[str, str],
) -> int:
    """Write lists of the pass `number` that have changed, delete those of members that are `gone`, then take the marks away.

    Each block is a transaction that commits only while this ranker holds the lease: else it raises LeaseLost. Killed in the
    middle, the marks are still there. A list that is as it was is left alone, so that nobody is told of a change. Returns how
    many were written.
    """
    written = 0
    async for block in blocks:
        stored = {one["_id"]: one["lists"] async for one in mongo[SHORTLISTS].find({"_id": {"$in": [one["_id"] for one in block]}})}
        changed = [one for one in block if stored.get(one["_id"]) != one["lists"]]
        steps: list[Step] = [ReplaceOne({"_id": one["_id"]}, {**one, "pass": number}, upsert=True) for one in changed]
        await _fenced(mongo, lease, steps)
        written += len(changed)
    await _fenced(mongo, lease, [DeleteOne({"_id": id}) for id in gone])
    await take_away(mongo, lease, marks)
    return written + len(gone)


async def _fenced(mongo: Mongo, lease: Lease, steps: Sequence[Step]) -> None:
    async def body(session: Session) -> None:
        await lease.confirm(session)
        if steps:
            await mongo[SHORTLISTS].bulk_write(steps, session=session, ordered=False)

    await retrying(lambda: mongo.transact(body))
