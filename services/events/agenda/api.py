"""Agendas over HTTP: the newest version, whole."""

from fastapi import APIRouter, Response

from services.events.agenda import queries
from services.events.agenda.answers import agenda_answer
from services.events.agenda.schemas import AgendaAnswer
from services.events.brokerage.access import managed_event
from services.events.permissions import EventId
from shared.chassis.http.answers import etag, json_response
from shared.chassis.http.auth import CurrentPrincipal
from shared.chassis.http.commands import Store
from shared.chassis.http.etag import UNCHANGED, IfNoneMatch, tag_matches

router = APIRouter(prefix="/brokerage-events/{id}/agenda", tags=["agendas"])


@router.get("", response_model=AgendaAnswer, responses=UNCHANGED)
async def read_agenda(id: EventId, principal: CurrentPrincipal, store: Store, if_none_match: IfNoneMatch = None) -> Response:
    """Read the newest version of the agenda whole; managers."""
    brokerage_event = await managed_event(store, principal, id)
    agenda = await queries.read_agenda(store, id)
    headers = {"ETag": etag(agenda.version), "Cache-Control": "private, no-cache"}
    # The tag is the version, which commands take; after a correction of the event rooms may have other names under it.
    if not brokerage_event.state.corrections and tag_matches(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return json_response(agenda_answer(brokerage_event.state, agenda), headers=headers)
