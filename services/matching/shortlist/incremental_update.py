"""Rewriting single lists among those that are read."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TypeAlias

from services.matching.shortlist.full_rebuild import acknowledge
from services.matching.shortlist.stored import SHORTLISTS
from shared.chassis.mongo import DeleteOne, Document, Mongo, ReplaceOne, Session, retrying
from shared.chassis.workers.lease import Lease

Step: TypeAlias = ReplaceOne[Document] | DeleteOne


async def rewrite(
    mongo: Mongo,
    lease: Lease,
    rebuild: str,
    blocks: AsyncIterator[list[Document]],
    removed: Sequence[str],
    dirty: Mapping[str, str],
) -> int:
    """Write the lists that have changed, delete those of `removed` members, then acknowledge the dirty set.

    Each block is a transaction that commits only while this ranker holds the lease: else it raises LeaseLost. After a crash
    in the middle the dirty set is still there. An unchanged list is left alone, so that no long poll is answered for it.
    Returns how many were written.
    """
    written = 0
    async for block in blocks:
        query = {"_id": {"$in": [document["_id"] for document in block]}}
        stored = {document["_id"]: document["lists"] async for document in mongo[SHORTLISTS].find(query)}
        changed = [document for document in block if stored.get(document["_id"]) != document["lists"]]
        steps: list[Step] = [
            ReplaceOne({"_id": document["_id"]}, {**document, "pass": rebuild}, upsert=True) for document in changed
        ]
        await _write_fenced(mongo, lease, steps)
        written += len(changed)
    await _write_fenced(mongo, lease, [DeleteOne({"_id": id}) for id in removed])
    await acknowledge(mongo, lease, dirty)
    return written + len(removed)


async def _write_fenced(mongo: Mongo, lease: Lease, steps: Sequence[Step]) -> None:
    async def body(session: Session) -> None:
        await lease.confirm(session)
        if steps:
            await mongo[SHORTLISTS].bulk_write(steps, session=session, ordered=False)

    await retrying(lambda: mongo.transact(body))
