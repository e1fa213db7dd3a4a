"""How far the ranking is, over HTTP."""

from typing import Any

from fastapi import APIRouter

from services.matching.store import ranking_status
from shared.chassis.http.auth import Who, require
from shared.chassis.http.commands import Store

router = APIRouter(tags=["suggestions"])


@router.get("/ranking")
async def ranking(who: Who, store: Store) -> dict[str, Any]:
    """Tell how far the ranking is: members, shortlists, members still to be ranked, suggestions by mode."""
    require(bool(who.roles & {"operator", "manager"}), it="Per gestori e operatori.", en="For managers and operators.")
    return await ranking_status(store)
