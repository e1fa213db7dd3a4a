"""Who may do what with suggestions and introductions."""

from dataclasses import replace
from typing import Annotated

from fastapi import Path

from services.matching.queries import approved_member
from services.matching.ranking import Member
from shared.chassis.http.auth import Principal, require
from shared.chassis.mongo import Mongo
from shared.chassis.texts import text
from shared.contracts.base import Id

MemberId = Annotated[Id, Path(description="The member's id.")]


def require_same_member(principal: Principal, member: str) -> None:
    """Raise Forbidden unless the principal acts for this member: what it may read."""
    require(principal.acts_for(member), text("only-the-member-sees"))


async def overseen_member(store: Mongo, principal: Principal, id: str) -> Member:
    """Read a member, for itself or for a manager of one of its districts. Raises NotFound and Forbidden."""
    member = await approved_member(store, id)
    require(principal.acts_for(id) or principal.manages(set(member.districts)), text("only-the-member-or-its-manager"))
    return member


def districts_seen(principal: Principal, member: str) -> frozenset[str] | None:
    """Within which districts the principal may see a member's suggestions: those it manages; None for the member itself.

    Managers see nothing that is restricted to other districts of the member, and nothing of its past interactions.
    """
    return None if principal.acts_for(member) else principal.managed


def viewer_for(principal: Principal, member: Member) -> Member:
    """The viewer of a member's suggestions: the member, with the districts of the manager where one reads them."""
    districts = districts_seen(principal, member.id)
    return member if districts is None else replace(member, districts=districts)
