"""Who may do what here."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Path

from services.matching.ranking import Member, member_from_view
from services.matching.store import approved_member
from shared.chassis.http.auth import Principal, require
from shared.chassis.mongo import Document, Mongo
from shared.contracts.base import Id

MemberId = Annotated[Id, Path(description="The member's id.")]


def may_act_for(who: Principal, member: str) -> None:
    """Raise Forbidden unless `who` acts for this member."""
    require(who.acts_for(member), it="Può farlo solo il membro stesso.", en="Only the member itself may do this.")


async def overseen_member(store: Mongo, who: Principal, id: str) -> Document:
    """Read a member, for itself or for a manager of one of its districts. Raises NotFound and Forbidden."""
    member = await approved_member(store, id)
    allowed = who.acts_for(id) or who.manages(set(member["districts"]))
    require(allowed, it="Può vederle il membro o il suo gestore.", en="The member itself or its manager may see them.")
    return member


def districts_seen(who: Principal, member: str) -> frozenset[str] | None:
    """Say within which districts `who` may see what is suggested to a member: those it manages; None for the member itself.

    Managers see nothing of what is kept to other districts of the member, and nothing of what it said or did.
    """
    return None if who.acts_for(member) else who.districts


def eyes(who: Principal, id: str, view: Mapping[str, Any]) -> Member:
    """Give the member as who looks at what is suggested to it: a manager sees what its own districts see."""
    member, districts = member_from_view(id, view), districts_seen(who, id)
    return member if districts is None else replace(member, districts=districts)
