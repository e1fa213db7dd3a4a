"""The versions of an agenda over HTTP: listed, read, compared."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from fastapi.responses import JSONResponse

from services.events.agenda.answers import with_rooms
from services.events.agenda.rules.differences import differences
from services.events.agenda.schemas import AgendaVersion, AgendaVersionsPage, Differences
from services.events.agenda.versions import AGENDA_VERSIONS, agenda_version
from services.events.brokerage.queries import brokerage_event
from services.events.permissions import EventId, may_manage
from services.events.schemas import gives
from shared.chassis.http.auth import Who
from shared.chassis.http.commands import Store, encode
from shared.chassis.http.pagination import Cursor, Limit, Page, page
from shared.chassis.mongo import Document

router = APIRouter(prefix="/brokerage-events/{id}/agenda/versions", tags=["agendas"])
Version = Annotated[int, Path(ge=1, le=1_000_000)]


@router.get("", response_model=None, responses=gives(AgendaVersionsPage))
async def list_versions(id: EventId, who: Who, store: Store, limit: Limit = 50, cursor: Cursor = None) -> Page[Any]:
    """List the versions of an agenda, without their placements; managers."""
    may_manage(who, (await brokerage_event(store, id))["state"]["districts"])

    def show(found: Document) -> Document:
        told = ("version", "published", "status", "breaks", "bound", "repaired", "restores")
        counts = {"placed": len(found["placements"]), "unplaced": len(found["unplaced"])}
        return {**{name: found[name] for name in told}, **counts}

    return await page(store[AGENDA_VERSIONS.collection], {"event_id": id}, limit, cursor, lambda found: encode(show(found)))


@router.get("/{version}", responses=gives(AgendaVersion))
async def read_version(id: EventId, version: Version, who: Who, store: Store) -> Response:
    """Read a version of an agenda whole; managers."""
    event = await brokerage_event(store, id)
    may_manage(who, event["state"]["districts"])
    found = await agenda_version(store, id, version)
    return JSONResponse(encode(with_rooms(event, {name: value for name, value in found.items() if name != "_id"})))


@router.get("/{one}/differences/{other}", responses=gives(Differences))
async def compare(id: EventId, one: Version, other: Version, who: Who, store: Store) -> Response:
    """Tell what is new, gone, moved or at another table in `other`, and whose agendas differ; managers."""
    may_manage(who, (await brokerage_event(store, id))["state"]["districts"])
    return JSONResponse(differences(await agenda_version(store, id, one), await agenda_version(store, id, other)))
