"""Reading aggregates from their collection, typed."""

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from shared.chassis.mongo import ASCENDING, Mongo, Session
from shared.chassis.writes.aggregate import Aggregate, Stored

S = TypeVar("S")


async def find_aggregate(mongo: Mongo, aggregate: Aggregate[S], id: str, session: Session | None = None) -> Stored[S] | None:
    """Read an aggregate by its id; None where there is none."""
    document = await mongo[aggregate.collection].find_one({"_id": id}, session=session)
    return None if document is None else aggregate.read(document)


async def find_aggregates(
    mongo: Mongo, aggregate: Aggregate[S], query: Mapping[str, Any], session: Session | None = None
) -> list[Stored[S]]:
    """Read the aggregates that a query matches, in the order of their ids."""
    documents = mongo[aggregate.collection].find(query, session=session).sort("_id", ASCENDING)
    return [aggregate.read(document) async for document in documents]


async def find_by_ids(
    mongo: Mongo,
    aggregate: Aggregate[S],
    ids: Collection[str],
    conditions: Mapping[str, Any] | None = None,
    session: Session | None = None,
) -> list[Stored[S]]:
    """Read the aggregates with these ids that fit the conditions, in the order of their ids; for no id nothing is asked."""
    return await find_aggregates(mongo, aggregate, {"_id": {"$in": sorted(ids)}} | dict(conditions or {}), session) if ids else []
