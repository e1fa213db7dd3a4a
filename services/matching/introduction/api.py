"""Introductions over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from services.matching.permissions import MemberId
from services.matching.store import INTRODUCTION
from shared.chassis.errors import NotFound
from shared.chassis.http.auth import Who, require
from shared.chassis.http.commands import Store, encode
from shared.chassis.http.pagination import Cursor, Limit, Page, page
from shared.contracts.base import Id

router = APIRouter(tags=["introductions"])


@router.get("/members/{id}/introductions")
async def introductions(
    id: MemberId,
    who: Who,
    store: Store,
    introduced: Annotated[bool | None, Query(description="Only those made, or only those still open.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[Any]:
    """List a member's interests and introductions. What the other side said is hidden until both are interested."""
    require(who.acts_for(id), it="Può vederle solo il membro.", en="Only the member itself may see them.")
    query: dict[str, Any] = {"state.members": id, f"state.stands.{id}": {"$exists": True}}
    if introduced is not None:
        query["state.introduced"] = introduced

    return await page(store[INTRODUCTION.collection], query, limit, cursor, lambda found: shown_to(found, id))


def shown_to(found: dict[str, Any], member: str) -> dict[str, Any]:
    """Show an introduction to one side: its own stand whole, and of the other only that it is interested, once both are."""
    state = found["state"]
    stands = {
        other: stand if other == member else {"interested": stand["interested"]}
        for other, stand in state["stands"].items()
        if other == member or state["introduced"]
    }
    return {"id": found["_id"], **encode({**state, "stands": stands})}


@router.get("/introductions/{id}")
async def introduction(id: Annotated[Id, Path()], who: Who, store: Store) -> dict[str, Any]:
    """Read an introduction that was made; its two members and operators."""
    found = await store[INTRODUCTION.collection].find_one({"_id": id})
    visible = found is not None and (found["state"]["introduced"] or "operator" in who.roles)
    if found is None or not visible or not any(who.acts_for(member) for member in found["state"]["members"]):
        raise NotFound("introduction-unknown", it="Nessuna presentazione con questo id.", en="There is no introduction by this id.")
    return shown_to(found, who.member or "")
