"""Introductions over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from services.matching.introduction.aggregate import INTRODUCTION
from services.matching.introduction.schemas import IntroductionAnswer, introduction_seen_by
from services.matching.permissions import MemberId, require_same_member
from services.matching.queries import require_known_member
from shared.chassis.errors import NotFound
from shared.chassis.http.auth import CurrentPrincipal
from shared.chassis.http.commands import Store
from shared.chassis.http.pagination import Cursor, Limit, Page, aggregate_page
from shared.chassis.mongo import Document
from shared.chassis.writes.queries import find_aggregate
from shared.contracts.base import Id

router = APIRouter(tags=["introductions"])


@router.get("/members/{id}/introductions")
async def introductions(
    id: MemberId,
    principal: CurrentPrincipal,
    store: Store,
    introduced: Annotated[bool | None, Query(description="Only those made, or only those still open.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[IntroductionAnswer]:
    """List a member's interests and introductions. The stand of the other side is hidden until both are interested."""
    require_same_member(principal, id)
    # Its own list is empty until the member itself has been received.
    if not principal.is_member(id):
        await require_known_member(store, id)
    query: Document = {"state.members": id, f"state.stands.{id}": {"$exists": True}}
    if introduced is not None:
        query["state.introduced"] = introduced
    return await aggregate_page(store, INTRODUCTION, query, limit, cursor, lambda stored: introduction_seen_by(stored, id))


@router.get("/introductions/{id}")
async def introduction(id: Annotated[Id, Path()], principal: CurrentPrincipal, store: Store) -> IntroductionAnswer:
    """Read an introduction that was made; for its two members and operators."""
    stored = await find_aggregate(store, INTRODUCTION, id)
    visible = stored is not None and (stored.state.introduced or "operator" in principal.roles)
    if stored is None or not visible or not any(principal.acts_for(member) for member in stored.state.members):
        raise NotFound("introduction-unknown")
    return introduction_seen_by(stored, principal.member or "")
