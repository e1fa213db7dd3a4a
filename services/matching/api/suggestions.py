"""A member's suggestions over HTTP."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from services.matching.api.access import MemberId, overseen_member
from services.matching.api.polling import IfNoneMatch, Wait, Waiting, digest, is_known, weak_tag
from services.matching.api.wanted import AsWanted
from services.matching.partners import choose, partners
from services.matching.store import shortlist
from shared.chassis.errors import FieldError, Refusal
from shared.chassis.http.auth import Who
from shared.chassis.http.commands import Store, encode
from shared.chassis.http.paging import Cursor, foreign_cursor, read_cursor, write_cursor
from shared.chassis.http.problems import language_of
from shared.chassis.mongo import Document

HEADERS = {"Cache-Control": "private, no-cache", "Vary": "Accept-Language, Authorization"}
router = APIRouter(tags=["suggestions"])


@router.get("/members/{id}/suggestions")
async def suggestions(
    id: MemberId,
    request: Request,
    who: Who,
    store: Store,
    wanted: AsWanted,
    changes: Waiting,
    limit: Annotated[int, Query(ge=1, le=20, description="How many of each mode at most.")] = 20,
    cursor: Cursor = None,
    wait: Wait = 0,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """List the member's suggestions, best first, by mode, each with the reasons in the language asked for.

    With If-None-Match it answers 304 while the list is the one with that ETag; with `wait` too it first waits so many
    seconds for another one. Filters, page and language are part of the ETag.
    """
    end = asyncio.get_running_loop().time() + wait
    language = language_of(request)
    while True:
        member = await overseen_member(store, who, id)
        found = await shortlist(store, id)
        known = await partners(store, {item["partner"] for items in found["lists"].values() for item in items})
        chosen = choose(found["lists"], member, known, wanted)
        first, list_id = _first(cursor, chosen), _named(chosen)
        lists = {mode: items[first : first + limit] for mode, items in chosen.items()}
        more = any(len(items) > first + limit for items in chosen.values())
        body = {
            "member": id,
            "suggestions": {mode: [show(item, known, language) for item in items] for mode, items in lists.items()},
            "next": write_cursor(f"{list_id} {first + limit}") if more else None,
        }
        headers = {**HEADERS, "ETag": weak_tag([body, asdict(wanted), language])}
        if not is_known(if_none_match, headers["ETag"]):
            return JSONResponse(encode({**body, "computed": found["computed"]}), headers=headers)
        left = end - asyncio.get_running_loop().time()
        if left <= 0 or not await changes.another(id, found["computed"], left):
            return Response(status_code=304, headers=headers)


def show(item: Mapping[str, Any], known: Mapping[str, Document], language: str) -> dict[str, Any]:
    """Show a suggestion with the partner's name, and its sentences in one language."""
    said = {name: item[name][language] for name in ("why", "why_not", "raise") if name in item}
    return {**item, "name": known[item["partner"]]["name"], **said}


def _named(chosen: Mapping[Any, list[dict[str, Any]]]) -> str:
    return digest({mode: [(item["partner"], item["score"]) for item in items] for mode, items in chosen.items()})


def _first(cursor: str | None, chosen: Mapping[Any, list[dict[str, Any]]]) -> int:
    """Say where the page begins. Raises Refusal where the cursor is of a list that is no longer this one."""
    if cursor is None:
        return 0
    list_id, _, first = read_cursor(cursor).partition(" ")
    if not (first.isascii() and first.isdigit() and len(first) < 6):
        raise foreign_cursor()
    if list_id != _named(chosen):
        raise Refusal(
            "list-changed",
            it="La lista è cambiata, o i filtri sono altri: ripartire senza cursore.",
            en="The list has changed, or the filters are others: start again without a cursor.",
            errors=(FieldError("cursor", "outdated", "`next` of the page before of this very list, or no cursor"),),
        )
    return int(first)
