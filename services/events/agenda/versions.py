"""All versions of agendas. This service hears itself: the aggregate keeps the newest version alone."""

from collections.abc import Iterable

from shared.chassis.errors import NotFound
from shared.chassis.inbox.message import Received
from shared.chassis.mongo import ASCENDING, Document, Index, Mongo
from shared.chassis.projections.projection import Projection
from shared.contracts import topics
from shared.contracts.base import DomainEvent
from shared.contracts.events import AgendaPublished


def fold_version(_id: str, document: Document | None, received: Received, event: DomainEvent) -> Document | None:
    """Keep each version of an agenda whole."""
    if not isinstance(event, AgendaPublished):
        return document
    return {**event.model_dump(), "version": received.sequence, "published": received.envelope.time}


def version_of(received: Received, event: DomainEvent) -> Iterable[str]:
    """Fold each version into a document of its own."""
    return (version_id(received.id, received.sequence),) if isinstance(event, AgendaPublished) else ()


def version_id(event: str, version: int) -> str:
    """Name the document of a version of an agenda; it sorts by version."""
    return f"{event}:{version:07}"


AGENDA_VERSIONS = Projection("events.agenda-versions", (topics.AGENDAS,), "agenda_versions", fold_version, version_of)
INDEXES: dict[str, list[Index]] = {AGENDA_VERSIONS.collection: [([("event_id", ASCENDING), ("_id", ASCENDING)], {})]}


async def agenda_version(store: Mongo, event: str, version: int) -> Document:
    """Read a version of an agenda. Raises NotFound."""
    found = await store[AGENDA_VERSIONS.collection].find_one({"_id": version_id(event, version)})
    if found is None:
        it = "Questa versione dell'agenda non c'è; se è appena stata pubblicata, riprovare."
        en = "There is no such version of the agenda; if it was published just now, try again."
        raise NotFound("version-unknown", it=it, en=en)
    return found
