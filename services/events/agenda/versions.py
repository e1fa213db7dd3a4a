"""All versions of agendas. This service hears itself: the aggregate keeps the newest version alone."""

from collections.abc import Iterable

from services.events.agenda.state import AgendaVersion, agenda_of
from shared.chassis.errors import NotFound
from shared.chassis.inbox.message import Received
from shared.chassis.mongo import ASCENDING, Index, Mongo
from shared.chassis.projections.projection import Projection
from shared.contracts import topics
from shared.contracts.base import DomainEvent
from shared.contracts.events import AgendaPublished


def fold_version(_id: str, row: AgendaVersion | None, received: Received, event: DomainEvent) -> AgendaVersion | None:
    """Store each version of an agenda whole."""
    if not isinstance(event, AgendaPublished):
        return row
    return AgendaVersion(**vars(agenda_of(event)), version=received.sequence, published=received.envelope.time)


def version_of(received: Received, event: DomainEvent) -> Iterable[str]:
    """Fold each version into a document of its own."""
    return (version_id(received.id, received.sequence),) if isinstance(event, AgendaPublished) else ()


def version_id(event: str, version: int) -> str:
    """Name the document of a version of an agenda; it sorts by version."""
    return f"{event}:{version:07}"


AGENDA_VERSIONS = Projection(
    "events.agenda-versions", (topics.AGENDAS,), "agenda_versions", fold_version, version_of, row=AgendaVersion
)
INDEXES: dict[str, list[Index]] = {AGENDA_VERSIONS.collection: [([("event_id", ASCENDING), ("_id", ASCENDING)], {})]}


async def agenda_version(store: Mongo, event: str, version: int) -> AgendaVersion:
    """Read a version of an agenda. Raises NotFound."""
    document = await store[AGENDA_VERSIONS.collection].find_one({"_id": version_id(event, version)})
    if document is None:
        raise NotFound("version-unknown")
    return AGENDA_VERSIONS.read(document)
