"""Reading members."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from services.registry.identity import rules as identity
from services.registry.member.aggregate import MEMBER
from services.registry.member.state import Member, Status
from shared.chassis.errors import NotFound
from shared.chassis.http.pagination import Page, aggregate_page
from shared.chassis.mongo import Mongo
from shared.chassis.writes.aggregate import Stored
from shared.chassis.writes.claims import CLAIMS, holders
from shared.chassis.writes.queries import find_aggregate, find_by_ids
from shared.contracts.registry import Kind

T = TypeVar("T")


@dataclass(frozen=True)
class MemberFilter:
    """Which members to list; None leaves a criterion out."""

    status: Status
    kind: Kind | None
    district: str | None


async def list_members(
    mongo: Mongo, criteria: MemberFilter, limit: int, cursor: str | None, show: Callable[[Stored[Member]], T]
) -> Page[T]:
    """Read a page of members in the order of their ids."""
    query = {"state.status": criteria.status, "state.kind": criteria.kind, "state.districts": criteria.district}
    conditions = {field: value for field, value in query.items() if value is not None}
    return await aggregate_page(mongo, MEMBER, conditions, limit, cursor, show)


async def find_member(mongo: Mongo, id: str) -> Stored[Member] | None:
    """Read a member; None where there is none."""
    return await find_aggregate(mongo, MEMBER, id)


async def read_member(mongo: Mongo, id: str) -> Stored[Member]:
    """Read a member. Raises NotFound."""
    member = await find_member(mongo, id)
    if member is None:
        raise NotFound("member-unknown")
    return member


async def current_members_with(mongo: Mongo, state: Member) -> list[Stored[Member]]:
    """Read the members that have an identifier of this organisation."""
    claims = {*identity.exclusive_claims(state.identifiers), *identity.shared_claims(state.identifiers)}
    documents = mongo[CLAIMS].find({"_id": {"$in": sorted(claims)}, "aggregate": MEMBER.name})
    ids = {holder async for claim in documents for holder in holders(claim)}
    return await find_by_ids(mongo, MEMBER, ids)
