"""Agendas over HTTP: the newest version, whole."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from services.events.agenda.answers import with_rooms
from services.events.agenda.queries import agenda
from services.events.agenda.schemas import Agenda
from services.events.brokerage.queries import brokerage_event
from services.events.permissions import EventId, may_manage
from services.events.schemas import gives, shown
from shared.chassis.http.answers import etag
from shared.chassis.http.auth import Who
from shared.chassis.http.commands import Store, encode
from shared.chassis.http.etag import UNCHANGED, IfNoneMatch, is_known

router = APIRouter(prefix="/brokerage-events/{id}/agenda", tags=["agendas"])


@router.get("", responses=gives(Agenda) | UNCHANGED)
async def read_agenda(id: EventId, who: Who, store: Store, if_none_match: IfNoneMatch = None) -> Response:
    """Read the newest version of the agenda whole; managers."""
    event = await brokerage_event(store, id)
    may_manage(who, event["state"]["districts"])
    found = await agenda(store, id)
    headers = {"ETag": etag(found["version"]), "Cache-Control": "private, no-cache"}
    # The tag is the version, which commands take; rooms may be called otherwise under it once the event was corrected.
    if not event["state"].get("corrections") and is_known(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return JSONResponse(encode(with_rooms(event, shown(found))), headers=headers)
