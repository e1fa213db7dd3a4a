"""The versions of an agenda over HTTP: listed, read, compared."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from services.events.agenda import queries
from services.events.agenda.answers import version_answer
from services.events.agenda.rules.differences import differences
from services.events.agenda.schemas import AgendaVersionAnswer, AgendaVersionInBrief, DifferencesAnswer
from services.events.brokerage.access import managed_event
from services.events.permissions import EventId
from shared.chassis.http.answers import json_response
from shared.chassis.http.auth import CurrentPrincipal
from shared.chassis.http.commands import Store
from shared.chassis.http.pagination import Cursor, Limit, Page

router = APIRouter(prefix="/brokerage-events/{id}/agenda/versions", tags=["agendas"])
Version = Annotated[int, Path(ge=1, le=1_000_000)]


@router.get("")
async def list_versions(
    id: EventId, principal: CurrentPrincipal, store: Store, limit: Limit = 50, cursor: Cursor = None
) -> Page[AgendaVersionInBrief]:
    """List the versions of an agenda, without their placements; managers."""
    await managed_event(store, principal, id)
    return await queries.list_versions(store, id, limit, cursor)


@router.get("/{version}", response_model=AgendaVersionAnswer)
async def read_version(id: EventId, version: Version, principal: CurrentPrincipal, store: Store) -> Response:
    """Read a version of an agenda whole; managers."""
    brokerage_event = await managed_event(store, principal, id)
    return json_response(version_answer(brokerage_event.state, await queries.read_version(store, id, version)))


@router.get("/{one}/differences/{other}")
async def compare(
    id: EventId,
    before: Annotated[int, Path(alias="one", ge=1, le=1_000_000)],
    after: Annotated[int, Path(alias="other", ge=1, le=1_000_000)],
    principal: CurrentPrincipal,
    store: Store,
) -> DifferencesAnswer:
    """Tell what is new, removed, moved or at another table in the version `other`, and whose agendas differ; managers."""
    await managed_event(store, principal, id)
    old, new = await queries.read_version(store, id, before), await queries.read_version(store, id, after)
    return DifferencesAnswer.model_validate(differences(old, new))
