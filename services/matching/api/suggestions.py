"""A member's suggestions over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from services.matching.api.access import MemberId, overseen_member
from services.matching.store import names_of, shortlist
from shared.chassis.http.auth import Who
from shared.chassis.http.commands import Store, encode
from shared.chassis.http.problems import language_of
from shared.contracts.matching import Mode

router = APIRouter(tags=["suggestions"])


@router.get("/members/{id}/suggestions")
async def suggestions(
    id: MemberId,
    request: Request,
    who: Who,
    store: Store,
    mode: Annotated[Mode | None, Query(description="Only this mode.")] = None,
    limit: Annotated[int, Query(ge=1, le=20)] = 20,
) -> dict[str, Any]:
    """List the member's suggestions, best first, by mode, each with the reasons in the language asked for."""
    await overseen_member(store, who, id)
    found = await shortlist(store, id)
    lists = {name: items[:limit] for name, items in found["lists"].items() if mode in (None, name)}
    names = await names_of(store, [item["partner"] for items in lists.values() for item in items])
    language = language_of(request)
    shown = {name: [_show(item, names, language) for item in items] for name, items in lists.items()}
    return {"member": id, "computed": encode(found["computed"]), "suggestions": shown}


def _show(item: dict[str, Any], names: dict[str, str], language: str) -> dict[str, Any]:
    said: dict[str, str] = {name: item[name][language] for name in ("why", "why_not", "raise") if name in item}
    return {**item, "name": names.get(item["partner"]), **said}
