"""Agendas over HTTP: the newest version, whole."""

from fastapi import APIRouter, Response

from services.events.agenda.answers import agenda_answer
from services.events.agenda.queries import newest_agenda
from services.events.agenda.schemas import AgendaAnswer
from services.events.brokerage.queries import brokerage_event
from services.events.permissions import EventId, may_manage
from shared.chassis.http.answers import etag, json_response
from shared.chassis.http.auth import Who
from shared.chassis.http.commands import Store
from shared.chassis.http.etag import UNCHANGED, IfNoneMatch, is_known

router = APIRouter(prefix="/brokerage-events/{id}/agenda", tags=["agendas"])


@router.get("", response_model=AgendaAnswer, responses=UNCHANGED)
async def read_agenda(id: EventId, who: Who, store: Store, if_none_match: IfNoneMatch = None) -> Response:
    """Read the newest version of the agenda whole; managers."""
    event = await brokerage_event(store, id)
    may_manage(who, event.state.districts)
    agenda = await newest_agenda(store, id)
    headers = {"ETag": etag(agenda.version), "Cache-Control": "private, no-cache"}
    # The tag is the version, which commands take; a correction of the event can rename rooms under the same version.
    if not event.state.corrections and is_known(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return json_response(agenda_answer(event, agenda), headers=headers)
