"""Who may do what here."""

from typing import Annotated

from fastapi import Path

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
