"""Orphans: documents without an event, altered by hand or of a fold that chose other ids."""

from collections.abc import Awaitable, Callable
from typing import Any

from shared.chassis.inbox.held_events import WAITING
from shared.chassis.inbox.positions import POSITIONS
from shared.chassis.mongo import Document, Mongo, Session, retrying
from shared.chassis.projections.projection import Projection
from shared.chassis.rebuild.lineage import Lineage
from shared.chassis.workers.lease import Lease


class TopicsIncomplete(Exception):
    """Events of a document may be missing from the topics, or could not be folded."""


async def remove_orphans(
    live: Mongo,
    built: Mongo,
    projection: Projection[Any],
    lineage: Lineage,
    lease: Lease,
    catch_up: Callable[[], Awaitable[object]],
) -> int:
    """Delete the documents that no event is folded into; return their number.

    Raises TopicsIncomplete, and deletes nothing, where an event of theirs may not have been folded.
    """
    documents = await _unknown(live, projection, lineage)
    if not documents:
        return 0
    await catch_up()  # the events of a document are on their topics: one that is still unknown now has none
    orphans = [document for document in documents if document["_id"] not in lineage.documents]
    if orphans and (await built[WAITING].find_one({"lane": {"$ne": None}}) or await _streams_are_missing(live, built, projection)):
        raise TopicsIncomplete(
            f"{len(orphans)} documents without events are not deleted: events are missing from the topics or held"
        )

    async def body(session: Session) -> int:
        await lease.confirm(session)
        # Only as it was read: an event may have created a document with this id since.
        removed = [await live[projection.collection].delete_one(document, session=session) for document in orphans]
        return sum(result.deleted_count for result in removed)

    return await retrying(lambda: live.transact(body)) if orphans else 0


async def _unknown(live: Mongo, projection: Projection[Any], lineage: Lineage) -> list[Document]:
    collection = live[projection.collection]
    ids = [document["_id"] async for document in collection.find({}, {"_id": 1}) if document["_id"] not in lineage.documents]
    return await collection.find({"_id": {"$in": ids}}).to_list(None)


async def _streams_are_missing(live: Mongo, built: Mongo, projection: Projection[Any]) -> bool:
    """Whether the live side has applied events of an aggregate that is on no topic."""
    own = {"_id": {"$gte": f"{projection.name}|", "$lt": f"{projection.name}}}"}}
    rebuilt = {position["_id"] async for position in built[POSITIONS].find(own, {"_id": 1})}
    return any([position["_id"] not in rebuilt async for position in live[POSITIONS].find(own, {"_id": 1})])
