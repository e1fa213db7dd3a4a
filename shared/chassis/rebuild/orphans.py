"""Documents that no event made: altered by hand, or of a fold that named its documents otherwise."""

from collections.abc import Awaitable, Callable
from typing import Any

from shared.chassis.inbox.held_events import WAITING
from shared.chassis.inbox.positions import POSITIONS
from shared.chassis.mongo import Document, Mongo, Session, retrying
from shared.chassis.projections.projection import Projection
from shared.chassis.rebuild.lineage import Footprint
from shared.chassis.workers.lease import Lease


class TopicsIncomplete(Exception):
    """What made a document may be missing from the topics, or could not be folded."""


async def remove_strangers(
    live: Mongo,
    built: Mongo,
    projection: Projection[Any],
    footprint: Footprint,
    lease: Lease,
    catch_up: Callable[[], Awaitable[object]],
) -> int:
    """Delete the documents that no event is folded into; return how many.

    Raises TopicsIncomplete, and deletes nothing, where an event may have made them that was not folded.
    """
    documents = await _unknown(live, projection, footprint)
    if not documents:
        return 0
    await catch_up()  # what made a document is on its topic: one that is still unknown now has no event
    strangers = [document for document in documents if document["_id"] not in footprint.documents]
    if strangers and (await built[WAITING].find_one({"lane": {"$ne": None}}) or await _lanes_are_missing(live, built, projection)):
        raise TopicsIncomplete(f"{len(strangers)} documents have no event: kept, since events are missing from the topics or wait")

    async def body(session: Session) -> int:
        await lease.confirm(session)
        # Only as it was read: an event may have made a document of this name since.
        removed = [await live[projection.collection].delete_one(document, session=session) for document in strangers]
        return sum(result.deleted_count for result in removed)

    return await retrying(lambda: live.transact(body)) if strangers else 0


async def _unknown(live: Mongo, projection: Projection[Any], footprint: Footprint) -> list[Document]:
    collection = live[projection.collection]
    ids = [found["_id"] async for found in collection.find({}, {"_id": 1}) if found["_id"] not in footprint.documents]
    return await collection.find({"_id": {"$in": ids}}).to_list(None)


async def _lanes_are_missing(live: Mongo, built: Mongo, projection: Projection[Any]) -> bool:
    """Tell whether the live side has applied events of an aggregate that is on no topic."""
    mine = {"_id": {"$gte": f"{projection.name}|", "$lt": f"{projection.name}}}"}}
    known = {found["_id"] async for found in built[POSITIONS].find(mine, {"_id": 1})}
    return any([found["_id"] not in known async for found in live[POSITIONS].find(mine, {"_id": 1})])
