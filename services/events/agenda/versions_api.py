"""The versions of an agenda over HTTP: listed, read, compared."""

from typing import Annotated

from fastapi import APIRouter, Path

from services.events.agenda.answers import version_answer
from services.events.agenda.rules.differences import differences
from services.events.agenda.schemas import AgendaVersionAnswer, AgendaVersionInBrief, VersionDifferences
from services.events.agenda.versions import AGENDA_VERSIONS, agenda_version
from services.events.brokerage.queries import brokerage_event
from services.events.permissions import EventId, may_manage
from shared.chassis.http.auth import Who
from shared.chassis.http.commands import Store
from shared.chassis.http.pagination import Cursor, Limit, Page, page
from shared.chassis.mongo import Document

router = APIRouter(prefix="/brokerage-events/{id}/agenda/versions", tags=["agendas"])
Version = Annotated[int, Path(ge=1, le=1_000_000)]


@router.get("")
async def list_versions(
    id: EventId, who: Who, store: Store, limit: Limit = 50, cursor: Cursor = None
) -> Page[AgendaVersionInBrief]:
    """List the versions of an agenda, without their placements; managers."""
    may_manage(who, (await brokerage_event(store, id)).state.districts)
    return await page(store[AGENDA_VERSIONS.collection], {"event_id": id}, limit, cursor, _in_brief)


def _in_brief(document: Document) -> AgendaVersionInBrief:
    version = AGENDA_VERSIONS.read(document)
    return AgendaVersionInBrief(
        version=version.version,
        published=version.published,
        status=version.status,
        breaks=version.breaks,
        bound=version.bound,
        repaired=version.repaired,
        restores=version.restores,
        placed=len(version.placements),
        unplaced=len(version.unplaced),
    )


@router.get("/{version}")
async def read_version(id: EventId, version: Version, who: Who, store: Store) -> AgendaVersionAnswer:
    """Read a version of an agenda whole; managers."""
    event = await brokerage_event(store, id)
    may_manage(who, event.state.districts)
    return version_answer(event, await agenda_version(store, id, version))


@router.get("/{before}/differences/{after}")
async def compare(id: EventId, before: Version, after: Version, who: Who, store: Store) -> VersionDifferences:
    """Tell what is new, gone, moved or at another table in `after`, and whose agendas differ; managers."""
    may_manage(who, (await brokerage_event(store, id)).state.districts)
    versions = await agenda_version(store, id, before), await agenda_version(store, id, after)
    return VersionDifferences.model_validate(differences(*versions))
