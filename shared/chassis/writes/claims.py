"""Claims in the store: what an aggregate holds follows from its state, and is exchanged in the command's transaction (ADR 4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from shared.chassis.errors import Claimed
from shared.chassis.mongo import ASCENDING, Conflict, Document, Index, InsertOne, Mongo, Session, duplicate_as
from shared.chassis.writes.aggregate import Aggregate
from shared.chassis.writes.queries import find_aggregate

S = TypeVar("S")
CLAIMS = "claims"
CLAIM_INDEXES: list[Index] = [([("holder", ASCENDING)], {}), ([("holders", ASCENDING)], {})]
"""The claims of an aggregate are read when its state is replayed."""


@dataclass(frozen=True)
class Claims:
    """What an aggregate claims for itself alone, and what it may share with those it is distinct from."""

    exclusive: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()


class ClaimHeld(Exception):
    """Another aggregate holds one of these claims of `id`."""

    def __init__(self, id: str, claims: Iterable[str], holder: str | None = None) -> None:
        super().__init__(id)
        self.id = id
        self.claims = sorted(claims)
        self.holder = holder


class _Duplicate(Exception):
    pass


def claims_of(aggregate: Aggregate[S], id: str, state: S | None) -> Claims:
    """Compute the claims of a state; none before its first event."""
    if state is None:
        return Claims()
    return Claims(frozenset(aggregate.claims(id, state)), frozenset(aggregate.shared_claims(id, state)))


def holders(claim: Document) -> list[str]:
    """Who holds a stored claim: one, or several that share it."""
    return [claim["holder"]] if "holder" in claim else list(claim["holders"])


async def held_claims(mongo: Mongo, aggregate: Aggregate[Any], id: str, session: Session) -> Claims:
    """Read the claims that are stored for an aggregate."""
    own = {"$or": [{"holder": id}, {"holders": id}], "aggregate": aggregate.name}
    claims = await mongo[CLAIMS].find(own, session=session).to_list(None)
    exclusive = frozenset(claim["_id"] for claim in claims if "holder" in claim)
    return Claims(exclusive, frozenset(claim["_id"] for claim in claims) - exclusive)


async def exchange_claims(mongo: Mongo, aggregate: Aggregate[S], id: str, held: Claims, state: S, session: Session) -> None:
    """Release what the state no longer claims and take what it claims now. Raises ClaimHeld."""
    needed = claims_of(aggregate, id, state)
    await _release(mongo, id, held, needed, session)
    if added := needed.exclusive - held.exclusive:
        inserts = [InsertOne({"_id": claim, "aggregate": aggregate.name, "holder": id}) for claim in sorted(added)]
        try:
            with duplicate_as(_Duplicate):
                await mongo[CLAIMS].bulk_write(inserts, session=session)
        except _Duplicate:
            raise ClaimHeld(id, needed.exclusive) from None
    for claim in sorted(needed.shared - held.shared):
        await _share(mongo, aggregate, id, state, claim, session)


async def _release(mongo: Mongo, id: str, held: Claims, needed: Claims, session: Session) -> None:
    if released := held.exclusive - needed.exclusive:
        await mongo[CLAIMS].delete_many({"_id": {"$in": sorted(released)}, "holder": id}, session=session)
    if released := held.shared - needed.shared:
        claims = {"_id": {"$in": sorted(released)}}
        await mongo[CLAIMS].update_many(claims, {"$pull": {"holders": id}}, session=session)
        await mongo[CLAIMS].delete_many({**claims, "holders": []}, session=session)


async def _share(mongo: Mongo, aggregate: Aggregate[S], id: str, state: S, claim: str, session: Session) -> None:
    """Join the holders of a claim. All write the one document: of two that join at once, one is retried and sees the other."""
    document = await mongo[CLAIMS].find_one({"_id": claim}, session=session) or {}
    if "holder" in document:
        raise ClaimHeld(id, [claim], document["holder"])
    for holder in document.get("holders", ()):
        sharer = await find_aggregate(mongo, aggregate, holder, session)
        if holder != id and sharer is not None and not aggregate.distinct(state, sharer.state):
            raise ClaimHeld(id, [claim], holder)
    change = {"$addToSet": {"holders": id}, "$setOnInsert": {"aggregate": aggregate.name}}
    with duplicate_as(Conflict):
        await mongo[CLAIMS].update_one({"_id": claim}, change, upsert=True, session=session)


async def claimed(mongo: Mongo, held: ClaimHeld) -> Claimed:
    """Say who holds a claim. Raises Conflict where it was released meanwhile."""
    if held.holder is not None:
        return Claimed(held.claims[0], held.holder)
    claim = await mongo[CLAIMS].find_one({"_id": {"$in": held.claims}, "holder": {"$exists": True, "$ne": held.id}})
    if claim is None:
        raise Conflict
    return Claimed(claim["_id"], claim["holder"])
