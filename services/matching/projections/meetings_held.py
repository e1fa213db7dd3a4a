"""Which meetings were held at brokerage events that are over: a projection of closed events and agendas.

For most meetings nobody records attendance: when its event is closed, a meeting with a place in the agenda that nobody
reported as missed was held.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from shared.chassis.inbox.message import Received
from shared.chassis.projections.projection import Projection
from shared.contracts.base import DomainEvent
from shared.contracts.events import AgendaPublished, BrokerageEventClosed
from shared.contracts.topics import AGENDAS, BROKERAGE


@dataclass(frozen=True)
class Closing:
    """What the closing of a brokerage event states: the agenda's version, and meetings held beside it or not held."""

    agenda: int | None
    not_held: tuple[str, ...]
    appointments: tuple[str, ...]


@dataclass(frozen=True)
class MeetingsHeldRow:
    """The newest agenda of a brokerage event, and its closing, None before. The two may come in any order."""

    version: int = 0
    placed: tuple[str, ...] = ()
    closed: Closing | None = None

    @property
    def is_complete(self) -> bool:
        """Whether each meeting is known to be held or not: the event is closed, and the agenda it names was received."""
        return self.closed is not None and (self.closed.agenda or 0) == self.version

    @property
    def held(self) -> frozenset[str]:
        """The meetings that were held; none of the agenda until the version that the closing names was received."""
        if self.closed is None:
            return frozenset()
        placed = self.placed if self.is_complete else ()
        return frozenset(placed).difference(self.closed.not_held).union(self.closed.appointments)


def fold_closing(_id: str, row: MeetingsHeldRow | None, received: Received, event: DomainEvent) -> MeetingsHeldRow | None:
    """Fold agendas and the closing of a brokerage event."""
    before = row or MeetingsHeldRow()
    if isinstance(event, AgendaPublished):
        placed = tuple(placement.meeting_id for placement in event.placements)
        return replace(before, version=received.sequence, placed=placed)
    if isinstance(event, BrokerageEventClosed):
        appointments = tuple(placement.meeting_id for placement in event.appointments)
        return replace(before, closed=Closing(event.agenda, event.not_held, appointments))
    return row


def closed_events(received: Received, event: DomainEvent) -> Iterable[str]:
    """Mark a brokerage event dirty when it is closed, or when its agenda comes, however late."""
    return (received.id,) if isinstance(event, AgendaPublished | BrokerageEventClosed) else ()


MEETINGS_HELD = Projection(
    "matching.closings", (BROKERAGE, AGENDAS), "closings", fold_closing, marks=closed_events, row=MeetingsHeldRow
)
