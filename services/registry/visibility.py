"""Which offers and needs of a member a reader may see."""

from services.registry.state import Member
from shared.chassis.http.auth import Principal
from shared.chassis.writes.aggregate import Stored
from shared.contracts.registry import Visibility


def visible_to(principal: Principal, member: Stored[Member]) -> frozenset[Visibility]:
    """Say which visibilities a reader may see of a member: `district` needs a shared district, `network` a role of members."""
    if not principal.roles & {"member", "manager", "operator"}:
        return frozenset({"public"})
    if principal.acts_for(member.id) or principal.districts & set(member.state.districts):
        return frozenset({"public", "network", "district"})
    return frozenset({"public", "network"})
