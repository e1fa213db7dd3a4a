"""All versions of agendas, as a projection of this service's own topic: the aggregate keeps the newest version alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.events.agenda.state import Agenda
from shared.chassis.inbox.message import Received
from shared.chassis.mongo import ASCENDING, Index
from shared.chassis.projections.projection import Projection
from shared.contracts import topics
from shared.contracts.base import DomainEvent
from shared.contracts.events import AgendaPublished


@dataclass(frozen=True)
class AgendaVersion(Agenda):
    """A version of an agenda, its number, and when it was published."""

    version: int
    published: datetime


def fold_version(_id: str, row: AgendaVersion | None, received: Received, event: DomainEvent) -> AgendaVersion | None:
    """Keep each version of an agenda whole."""
    if not isinstance(event, AgendaPublished):
        return row
    agenda = Agenda.from_event(event)
    return AgendaVersion(**vars(agenda), version=received.sequence, published=received.envelope.time)


def version_of(received: Received, event: DomainEvent) -> Iterable[str]:
    """Fold each version into a row of its own."""
    return (version_id(received.id, received.sequence),) if isinstance(event, AgendaPublished) else ()


def version_id(event_id: str, version: int) -> str:
    """Name the row of a version of an agenda; ids sort by version."""
    return f"{event_id}:{version:07}"


AGENDA_VERSIONS = Projection(
    "events.agenda-versions", (topics.AGENDAS,), "agenda_versions", fold_version, version_of, row=AgendaVersion
)
INDEXES: dict[str, list[Index]] = {AGENDA_VERSIONS.collection: [([("event_id", ASCENDING), ("_id", ASCENDING)], {})]}
