"""Which meetings took place at events that are over: a projection of closings and agendas.

Most meetings nobody tells of: when its event is closed, a meeting that had a place and that nobody called missed was held.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.chassis.inbox.message import Received
from shared.chassis.mongo import Document
from shared.chassis.projections.projection import Projection
from shared.contracts.base import DomainEvent
from shared.contracts.events import AgendaPublished, BrokerageEventClosed
from shared.contracts.topics import AGENDAS, BROKERAGE


def fold_closing(_id: str, document: Document | None, received: Received, event: DomainEvent) -> Document | None:
    """Keep an event's newest agenda, and what its closing says of it. The two may come in any order."""
    begun = document or {"version": 0, "placed": [], "closed": None}
    if isinstance(event, AgendaPublished):
        return {**begun, "version": received.sequence, "placed": [one.meeting_id for one in event.placements]}
    if isinstance(event, BrokerageEventClosed):
        appointments = [one.meeting_id for one in event.appointments]
        closed = {"agenda": event.agenda, "not_held": list(event.not_held), "appointments": appointments}
        return {**begun, "closed": closed}
    return document


def held_at(closing: Mapping[str, Any]) -> frozenset[str]:
    """Name the meetings that were held; none of the agenda while the version that the closing names has not been heard."""
    closed = closing["closed"]
    if closed is None:
        return frozenset()
    placed = closing["placed"] if is_told(closing) else []
    return frozenset(placed).difference(closed["not_held"]).union(closed["appointments"])


def is_told(closing: Mapping[str, Any]) -> bool:
    """Say whether it is known of every meeting whether it was held: the event is closed, and the agenda that names was heard."""
    closed = closing["closed"]
    return closed is not None and (closed["agenda"] or 0) == closing["version"]


def what_closes(received: Received, event: DomainEvent) -> Iterable[str]:
    """Mark an event where it is closed, or where its agenda comes, if late."""
    return (received.id,) if isinstance(event, AgendaPublished | BrokerageEventClosed) else ()


CLOSINGS = Projection("matching.closings", (BROKERAGE, AGENDAS), "closings", fold_closing, marks=what_closes)
