"""Suggestions among the participants of a brokerage event, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Path, Request

from services.matching.permissions import districts_seen, viewer_for
from services.matching.queries import approved_by_id, approved_member
from services.matching.search.engine.client import Engine
from services.matching.search.engine.protocol import PartnerQuestion
from services.matching.search.schemas import Limit
from services.matching.suggestion.queries import participants_of, read_brokerage_event
from services.matching.suggestion.schemas import EventSuggestionsAnswer, suggestion_answer
from services.matching.suggestion.visibility import SuggestionFilter, partners_in, visible_suggestions
from shared.chassis.errors import NotFound
from shared.chassis.http.auth import CurrentPrincipal, require
from shared.chassis.http.commands import Store
from shared.chassis.http.problems import language_of
from shared.chassis.texts import text
from shared.contracts.base import Id

router = APIRouter(tags=["suggestions"])


@router.get("/brokerage-events/{id}/participants/{member}/suggestions")
async def suggestions_at_event(
    id: Annotated[Id, Path(description="The brokerage event's id.")],
    member: Annotated[Id, Path(description="The participant's id.")],
    request: Request,
    principal: CurrentPrincipal,
    store: Store,
    engine: Engine,
    limit: Limit = 20,
) -> EventSuggestionsAnswer:
    """List whom a participant should meet among all others, best first, in the modes of the brokerage event.

    For the participant itself, without members it declined for good or does not want to meet there; and for managers of the
    event's districts, by what is open or restricted to these, without past interactions.
    """
    brokerage_event = await read_brokerage_event(store, id)
    allowed = principal.acts_for(member) or principal.manages(set(brokerage_event.districts))
    require(allowed, text("only-the-participant-or-a-manager"))
    viewer = viewer_for(principal, await approved_member(store, member))
    participants = await participants_of(store, id)
    if member not in participants:
        raise NotFound("participant-unknown")
    question = PartnerQuestion(
        member=member,
        candidates=frozenset(participants),
        excluded=frozenset(participants[member]),
        within=districts_seen(principal, member),
        limit=limit,
    )
    reply = await engine.request(question, principal.caller)
    lists = {mode: suggestions for mode, suggestions in reply.lists.items() if mode in brokerage_event.modes}
    partners = await approved_by_id(store, partners_in(lists))
    visible = visible_suggestions(lists, viewer, partners, SuggestionFilter())
    language = language_of(request)
    return EventSuggestionsAnswer(
        member=member,
        event=id,
        computed=reply.computed,
        suggestions={
            mode: [suggestion_answer(item, partners[item.partner], language) for item in items] for mode, items in visible.items()
        },
    )
