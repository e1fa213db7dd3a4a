"""Which offers and needs of a member a reader may see."""

from typing import get_args

from services.registry.member.queries import find_member
from services.registry.member.state import Member
from shared.chassis.http.auth import Principal
from shared.chassis.mongo import Mongo
from shared.chassis.writes.aggregate import Stored
from shared.contracts.registry import Visibility

EVERY_VISIBILITY: frozenset[Visibility] = frozenset(get_args(Visibility))


async def own_districts(store: Mongo, principal: Principal) -> frozenset[str]:
    """The districts that a reader belongs to or manages; none for a token of no member, or of one that has withdrawn."""
    if "member" not in principal.roles or principal.member is None:
        return principal.managed
    member = await find_member(store, principal.member)
    joined = member.state.districts if member is not None and member.state.status == "approved" else ()
    return principal.managed.union(joined)


def visible_to(principal: Principal, districts: frozenset[str], member: Stored[Member]) -> frozenset[Visibility]:
    """Say which visibilities a reader of these districts may see: `district` needs a shared one, `network` any."""
    if principal.acts_for(member.id) or districts & set(member.state.districts):
        return EVERY_VISIBILITY
    return frozenset({"public", "network"} if districts else {"public"})
