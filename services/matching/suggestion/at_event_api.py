"""Suggestions among the participants of a brokerage event, over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request

from services.matching.permissions import districts_seen, eyes
from services.matching.projections.brokerage import BROKERAGE, PARTICIPANTS
from services.matching.search.api import Asked, Limit
from services.matching.search.engine.protocol import Among
from services.matching.store import approved_member
from services.matching.suggestion.api import show
from services.matching.suggestion.visibility import Wanted, choose, partners
from shared.chassis.errors import NotFound
from shared.chassis.http.auth import Who, require
from shared.chassis.http.commands import Store, encode
from shared.chassis.http.problems import language_of
from shared.chassis.mongo import Document, Mongo
from shared.contracts.base import Id

router = APIRouter(tags=["suggestions"])


@router.get("/brokerage-events/{id}/participants/{member}/suggestions")
async def suggestions_at_event(
    id: Annotated[Id, Path(description="The brokerage event's id.")],
    member: Annotated[Id, Path(description="The participant's id.")],
    request: Request,
    who: Who,
    store: Store,
    answering: Asked,
    limit: Limit = 20,
) -> dict[str, Any]:
    """List whom a participant should meet among all others, best first, in the modes the event is for.

    For the participant itself, without whom it declined for good or does not want to meet there; and for managers of the event's
    districts, by what is open or kept to theirs, and without what it said or did.
    """
    event = await _event(store, id)
    require(
        who.acts_for(member) or who.manages(set(event["districts"])),
        it="Può vederle il partecipante o un gestore di un distretto dell'evento.",
        en="The participant itself or a manager of one of the event's districts may see them.",
    )
    viewer = eyes(who, member, await approved_member(store, member))
    participants = await _participants(store, id)
    if member not in participants:
        raise NotFound("participant-unknown", it="Il membro non partecipa all'evento.", en="The member takes no part in the event.")
    everybody, avoided = frozenset(participants), frozenset(participants[member])
    asked = Among(member=member, others=everybody, without=avoided, within=districts_seen(who, member), limit=limit)
    reply = await answering.ask(asked)
    lists = {mode: items for mode, items in reply.lists.items() if mode in event["modes"]}
    known = await partners(store, {item["partner"] for items in lists.values() for item in items})
    language = language_of(request)
    shown = {
        mode: [show(item, known, language) for item in items] for mode, items in choose(lists, viewer, known, Wanted()).items()
    }
    return {"member": member, "event": id, "computed": encode(reply.computed), "suggestions": shown}


async def _event(store: Mongo, id: str) -> Document:
    found = await store[BROKERAGE.collection].find_one({"_id": id})
    if found is None:
        raise NotFound(
            "brokerage-event-unknown", it="Nessun evento annunciato con questo id.", en="No event by this id was announced."
        )
    return found


async def _participants(store: Mongo, event: str) -> dict[str, list[str]]:
    """Read who takes part, each with those it does not want to meet."""
    found = store[PARTICIPANTS.collection].find({"event_id": event, "takes_part": True})
    return {document["member_id"]: document["avoids"] async for document in found}
