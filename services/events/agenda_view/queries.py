"""Reading an agenda joined with meetings, appointments and names."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.events.agenda.aggregate import AGENDA
from services.events.agenda.state import Placement, Unplaced
from services.events.agenda_view.timetable import Day, day_of, occasion_of
from services.events.brokerage.state import BrokerageEvent
from services.events.meeting.aggregate import MEETING
from services.events.meeting.cancellations import called_off, placed
from services.events.meeting.queries import appointments, as_placement
from services.events.projections import names
from services.events.registration.queries import labels
from shared.chassis.errors import NotFound
from shared.chassis.mongo import Mongo
from shared.chassis.writes.aggregate import Stored
from shared.chassis.writes.queries import find_aggregate


@dataclass(frozen=True)
class ValidAgenda:
    """What still takes place of the newest agenda (version 0: there is none yet), together with the appointments."""

    version: int
    scheduled: tuple[Placement, ...]
    appointments: tuple[Placement, ...]
    unplaced: tuple[Unplaced, ...]

    @property
    def placements(self) -> tuple[Placement, ...]:
        """All meetings that have a place."""
        return (*self.scheduled, *self.appointments)

    @property
    def meetings(self) -> Sequence[Placement | Unplaced]:
        """All meetings, with a place and without."""
        return (*self.placements, *self.unplaced)


async def newest_day(store: Mongo, event: Stored[BrokerageEvent]) -> Day:
    """Read the newest agenda of an event as it still takes place, its appointments, and the names of all in it.

    Raises NotFound where there is neither an agenda nor an appointment.
    """
    agenda = await valid_agenda(store, event)
    members = {member for meeting in agenda.meetings for member in meeting.sides}
    occasion = occasion_of(event.state, await names(store, members), await labels(store, event.id, members))
    return day_of(occasion, agenda.placements, agenda.unplaced, agenda.version)


async def valid_agenda(store: Mongo, event: Stored[BrokerageEvent], member: str | None = None) -> ValidAgenda:
    """Read what still takes place of the newest agenda and the appointments, of one member where it is given.

    A meeting that became an appointment has its place in the agenda no more, and is not missing in it. Before the first agenda
    there are only appointments. Raises NotFound where there is neither.
    """
    agenda = await find_aggregate(store, AGENDA, event.id)
    if agenda is None and not await _has_appointments(store, event.id):
        raise NotFound("agenda-unknown")
    booked = tuple(as_placement(meeting) for meeting in await appointments(store, event.id, member))
    moved = {placement.meeting_id for placement in booked}
    scheduled, unplaced = (agenda.state.placements, agenda.state.unplaced) if agenda else ((), ())
    scheduled = tuple(meeting for meeting in scheduled if meeting.meeting_id not in moved and _involves(meeting, member))
    unplaced = tuple(meeting for meeting in unplaced if meeting.meeting_id not in moved and _involves(meeting, member))
    meetings: list[Placement | Unplaced] = [*scheduled, *booked, *unplaced]
    off = await called_off(store, event, map(placed, meetings))
    return ValidAgenda(
        agenda.version if agenda else 0,
        tuple(meeting for meeting in scheduled if meeting.meeting_id not in off),
        tuple(meeting for meeting in booked if meeting.meeting_id not in off),
        tuple(meeting for meeting in unplaced if meeting.meeting_id not in off),
    )


def _involves(meeting: Placement | Unplaced, member: str | None) -> bool:
    return member is None or member in meeting.sides


async def _has_appointments(store: Mongo, event: str) -> bool:
    booked = {"state.event_id": event, "state.status": "accepted", "state.appointment.slot": {"$gte": 1}}
    return await store[MEETING.collection].find_one(booked, {"_id": 1}) is not None
