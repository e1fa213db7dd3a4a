"""A member's suggestions over HTTP."""

import asyncio
from dataclasses import astuple, dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.matching.permissions import MemberId, districts_seen, overseen_member, viewer_for
from services.matching.queries import approved_by_id
from services.matching.search.engine.client import SearchEngine
from services.matching.search.engine.protocol import PartnerQuestion
from services.matching.shortlist.queries import find_shortlist
from services.matching.suggestion.filters import Filter
from services.matching.suggestion.long_poll import Poll, Wait, digest, weak_tag
from services.matching.suggestion.schemas import SuggestionsAnswer, suggestion_answer
from services.matching.suggestion.visibility import Lists, SuggestionFilter, partners_in, visible_suggestions
from shared.chassis.errors import FieldError, Refusal
from shared.chassis.http.answers import json_response
from shared.chassis.http.auth import CurrentPrincipal, Principal
from shared.chassis.http.commands import Store
from shared.chassis.http.etag import IfNoneMatch, tag_matches
from shared.chassis.http.pagination import Cursor, foreign_cursor, read_cursor, write_cursor
from shared.chassis.http.problems import language_of
from shared.chassis.mongo import Mongo
from shared.chassis.runtime.dependencies import running_service
from shared.chassis.texts import text

HEADERS = {"Cache-Control": "private, no-cache", "Vary": "Accept-Language, Authorization"}
router = APIRouter(tags=["suggestions"])


@router.get("/members/{id}/suggestions", response_model=SuggestionsAnswer)
async def suggestions(
    id: MemberId,
    request: Request,
    principal: CurrentPrincipal,
    store: Store,
    criteria: Filter,
    poll: Poll,
    limit: Annotated[int, Query(ge=1, le=20, description="How many of each mode at most.")] = 20,
    cursor: Cursor = None,
    wait: Wait = 0,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """List the member's suggestions, best first, by mode, each with the reasons in the language requested.

    A manager sees them ranked by what its districts may see, and without the member's past interactions.

    With If-None-Match it answers 304 while the list is the one with that ETag; with `wait` too it first waits so many
    seconds for another one. Filters, page and language are part of the ETag.
    """
    end = asyncio.get_running_loop().time() + wait
    view = PageRequest(id, criteria, limit, cursor, language_of(request))
    # Its share is taken before the list is read: refused later, each repetition would cost a whole list.
    async with poll.share(may_wait=wait > 0 and if_none_match is not None):
        while True:
            answer = await _answer(request, principal, store, view)
            tag = weak_tag((answer.model_dump(exclude={"computed"}), astuple(criteria), view.language))
            if not tag_matches(if_none_match, tag):
                return json_response(answer, headers={**HEADERS, "ETag": tag})
            # While it waits, a request keeps nothing of what it read.
            remaining = end - asyncio.get_running_loop().time()
            if remaining <= 0 or not await poll.wait(id, answer.computed, remaining):
                return Response(status_code=304, headers={**HEADERS, "ETag": tag})


@dataclass(frozen=True)
class PageRequest:
    """Which page of which suggestions of a member, and in which language."""

    member: str
    criteria: SuggestionFilter
    limit: int
    cursor: str | None
    language: str


async def _answer(request: Request, principal: Principal, store: Mongo, view: PageRequest) -> SuggestionsAnswer:
    member = await overseen_member(store, principal, view.member)
    shortlist = await find_shortlist(store, view.member)
    lists: Lists = shortlist.lists
    if (within := districts_seen(principal, view.member)) is not None:
        engine = (await running_service(request)).worker(SearchEngine)
        lists = await _for_managers(engine, principal, view.member, lists, within)
    partners = await approved_by_id(store, partners_in(lists))
    visible = visible_suggestions(lists, viewer_for(principal, member), partners, view.criteria)
    list_id = digest({mode: [(item.partner, item.score) for item in items] for mode, items in visible.items()})
    start = _start(view.cursor, list_id)
    end = start + view.limit
    has_more = any(len(items) > end for items in visible.values())
    return SuggestionsAnswer(
        member=view.member,
        suggestions={
            mode: [suggestion_answer(item, partners[item.partner], view.language) for item in items[start:end]]
            for mode, items in visible.items()
        },
        next=write_cursor(f"{list_id} {end}") if has_more else None,
        computed=shortlist.computed,
    )


async def _for_managers(engine: SearchEngine, principal: Principal, member: str, lists: Lists, within: frozenset[str]) -> Lists:
    """Rank the listed partners for managers of some districts: by what these may see, without past interactions."""
    listed = frozenset(partners_in(lists))
    if not listed:
        return lists
    question = PartnerQuestion(member=member, candidates=listed, within=within, limit=len(listed))
    reply = await engine.request(question, principal.caller)
    return reply.lists


def _start(cursor: str | None, list_id: str) -> int:
    """Give the offset of the page. Raises Refusal for the cursor of another version of the list."""
    if cursor is None:
        return 0
    cursor_list, _, start = read_cursor(cursor).partition(" ")
    if not (start.isascii() and start.isdigit() and len(start) < 6):
        raise foreign_cursor()
    if cursor_list != list_id:
        raise Refusal("list-changed", FieldError("cursor", "outdated", text("field-cursor-of-list")))
    return int(start)
