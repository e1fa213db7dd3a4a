"""The versions of an agenda over HTTP: listed, read, compared, published again."""

import asyncio
from contextlib import suppress
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from fastapi.responses import JSONResponse

from services.events.agenda import rules as agendas
from services.events.agenda.diff_rules import differences
from services.events.agenda.restore import restored
from services.events.agenda.schemas import Agenda, AgendaVersion, AgendaVersionsPage, Differences
from services.events.agenda.view_loader import with_rooms
from services.events.dependencies import Worker
from services.events.permissions import EventId, may_manage
from services.events.projections import AGENDA_VERSIONS, version_id
from services.events.schemas import gives
from services.events.store import AGENDA, agenda, brokerage_event, gathered, names, next_slot
from shared.chassis.errors import Claimed, NotFound, Refusal
from shared.chassis.http.auth import Who
from shared.chassis.http.commands import Run, Store, encode, whole
from shared.chassis.http.pagination import Cursor, Limit, Page, page
from shared.chassis.mongo import Document, Mongo

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
    found = await _version(store, id, version)
    return JSONResponse(encode(with_rooms(event, {name: value for name, value in found.items() if name != "_id"})))


@router.get("/{one}/differences/{other}", responses=gives(Differences))
async def compare(id: EventId, one: Version, other: Version, who: Who, store: Store) -> Response:
    """Tell what is new, gone, moved or at another table in `other`, and whose agendas differ; managers."""
    may_manage(who, (await brokerage_event(store, id))["state"]["districts"])
    return JSONResponse(differences(await _version(store, id, one), await _version(store, id, other)))


@router.post("/{version}/restore", responses=gives(Agenda))
async def restore(id: EventId, version: Version, who: Who, run: Run, store: Store, worker: Worker) -> Response:
    """Publish a version again as a new one, where it still fits; managers. A computation under way is cancelled."""
    found = await gathered(store, id, run.now)
    event = found.event["state"]
    may_manage(who, event["districts"])
    newest = await agenda(store, id)
    old, coming = await _version(store, id, version), next_slot(event, run.now)
    # Apart: a large event takes a while, and requests go on.
    known = await names(store, {document["state"]["member_id"] for document in found.registrations})
    again = await asyncio.to_thread(restored, found, known, newest["state"], old, version, coming)
    with suppress(Refusal):  # none is under way
        await worker.computations.cancel(id)
    try:
        return await run.run(
            AGENDA,
            id,
            lambda state: agendas.restore(state, again, newest["state"], event),
            district=event["districts"][0],
            body=lambda done: with_rooms(found.event, whole(done)),
        )
    except Claimed as claimed:  # by an appointment made since
        raise agendas.taken(claimed.claim) from claimed


async def _version(store: Mongo, event: str, version: int) -> Document:
    found = await store[AGENDA_VERSIONS.collection].find_one({"_id": version_id(event, version)})
    if found is None:
        it = "Questa versione dell'agenda non c'è; se è appena stata pubblicata, riprovare."
        en = "There is no such version of the agenda; if it was published just now, try again."
        raise NotFound("version-unknown", it=it, en=en)
    return found
