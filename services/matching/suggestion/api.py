"""A member's suggestions over HTTP."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from services.matching.permissions import MemberId, districts_seen, eyes, overseen_member
from services.matching.search.engine.client import Answering
from services.matching.search.engine.protocol import Among
from services.matching.store import shortlist
from services.matching.suggestion.filters import AsWanted
from services.matching.suggestion.long_poll import Wait, Waiting, digest, weak_tag
from services.matching.suggestion.visibility import Wanted, choose, partners
from shared.chassis.errors import FieldError, Refusal
from shared.chassis.http.auth import Principal, Who
from shared.chassis.http.commands import Store, encode
from shared.chassis.http.etag import IfNoneMatch, is_known
from shared.chassis.http.pagination import Cursor, foreign_cursor, read_cursor, write_cursor
from shared.chassis.http.problems import language_of
from shared.chassis.mongo import Document, Mongo
from shared.chassis.runtime.dependencies import running_service
from shared.contracts.matching import Mode

HEADERS = {"Cache-Control": "private, no-cache", "Vary": "Accept-Language, Authorization"}
router = APIRouter(tags=["suggestions"])
Lists = Mapping[Mode, list[dict[str, Any]]]


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

    A manager sees them ranked by what its districts may see, and without what the member said or did.

    With If-None-Match it answers 304 while the list is the one with that ETag; with `wait` too it first waits so many
    seconds for another one. Filters, page and language are part of the ETag.
    """
    end = asyncio.get_running_loop().time() + wait
    page = Wish(id, wanted, limit, cursor, language_of(request))
    while True:
        tag, computed, answer = await _answer(request, who, store, page, if_none_match)
        if answer is not None:
            return answer
        # While it waits, a request keeps nothing of what it read.
        left = end - asyncio.get_running_loop().time()
        if left <= 0 or not await changes.another(id, computed, left):
            return Response(status_code=304, headers={**HEADERS, "ETag": tag})


@dataclass(frozen=True)
class Wish:
    """Which page of which suggestions of whom, and in which language."""

    member: str
    wanted: Wanted
    limit: int
    cursor: str | None
    language: str


async def _answer(
    request: Request, who: Principal, store: Mongo, wish: Wish, if_none_match: str | None
) -> tuple[str, datetime | None, Response | None]:
    """Give the page's tag, when its list was computed, and the answer, unless that is known already."""
    member = await overseen_member(store, who, wish.member)
    found = await shortlist(store, wish.member)
    lists = found["lists"]
    if (within := districts_seen(who, wish.member)) is not None:
        lists = await _for_others(request, wish.member, lists, within)
    known = await partners(store, _partners_in(lists))
    chosen = choose(lists, eyes(who, wish.member, member), known, wish.wanted)
    first, list_id = _first(wish.cursor, chosen), _named(chosen)
    last = first + wish.limit
    shown = {mode: [show(item, known, wish.language) for item in items[first:last]] for mode, items in chosen.items()}
    more = any(len(items) > last for items in chosen.values())
    body = {"member": wish.member, "suggestions": shown, "next": write_cursor(f"{list_id} {last}") if more else None}
    tag = weak_tag([body, asdict(wish.wanted), wish.language])
    if is_known(if_none_match, tag):
        return tag, found["computed"], None
    said = encode({**body, "computed": found["computed"]})
    return tag, found["computed"], JSONResponse(said, headers={**HEADERS, "ETag": tag})


async def _for_others(request: Request, member: str, lists: Lists, within: frozenset[str]) -> Lists:
    """Rank those listed again for a manager of some districts: by what these may see, and without what the member did."""
    listed = frozenset(_partners_in(lists))
    if not listed:
        return lists
    answering = (await running_service(request)).worker(Answering)
    reply = await answering.ask(Among(member=member, others=listed, within=within, limit=len(listed)))
    return reply.lists


def _partners_in(lists: Lists) -> set[str]:
    return {item["partner"] for items in lists.values() for item in items}


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
            errors=(
                FieldError(
                    "cursor",
                    "outdated",
                    "`next` of the page before of this very list, or no cursor",
                    "`next` della pagina precedente di questa stessa lista, o nessun cursore",
                ),
            ),
        )
    return int(first)
