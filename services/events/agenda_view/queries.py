"""Reading an agenda as it takes place: joined with appointments, without what was cancelled since it was published."""

from dataclasses import dataclass

from services.events.agenda.queries import agenda_of_member, read_agenda
from services.events.agenda.state import Placement, Unplaced
from services.events.agenda_view.timetable import Timetable, details_of, timetable_of
from services.events.brokerage.state import BrokerageEvent
from services.events.meeting.cancellations import entries_of, read_cancellations
from services.events.meeting.queries import appointment_placements, appointments, has_appointments
from services.events.projections import names
from services.events.registration.queries import labels
from shared.chassis.errors import NotFound
from shared.chassis.mongo import Mongo
from shared.chassis.writes.aggregate import Stored


@dataclass(frozen=True)
class CurrentAgenda:
    """What takes place: of the newest version (0 before the first), and the appointments."""

    version: int
    placements: tuple[Placement, ...]
    appointments: tuple[Placement, ...]
    unplaced: tuple[Unplaced, ...]

    @property
    def sides(self) -> set[str]:
        """Everybody in any of its meetings."""
        meetings: list[Placement | Unplaced] = [*self.placements, *self.appointments, *self.unplaced]
        return {side for meeting in meetings for side in meeting.sides}


async def read_current_agenda(mongo: Mongo, brokerage_event: Stored[BrokerageEvent], member: str | None = None) -> CurrentAgenda:
    """Read what takes place of an event's newest agenda, and its appointments; of one member where it is given.

    Raises NotFound where there is neither an agenda nor an appointment.
    """
    event_id = brokerage_event.id
    version, placements, unplaced = await _newest(mongo, event_id, member)
    booked = appointment_placements(await appointments(mongo, event_id, member))
    ids = {placement.meeting_id for placement in booked}
    # What got an appointment after it was placed is neither placed nor unplaced any more.
    placements = tuple(placement for placement in placements if placement.meeting_id not in ids)
    unplaced = tuple(meeting for meeting in unplaced if meeting.meeting_id not in ids)
    cancelled = await read_cancellations(mongo, brokerage_event, entries_of([*placements, *booked, *unplaced]))
    return CurrentAgenda(
        version,
        tuple(placement for placement in placements if placement.meeting_id not in cancelled),
        tuple(placement for placement in booked if placement.meeting_id not in cancelled),
        tuple(meeting for meeting in unplaced if meeting.meeting_id not in cancelled),
    )


async def read_timetable(mongo: Mongo, brokerage_event: Stored[BrokerageEvent]) -> Timetable:
    """Read what takes place at an event, with the names of everybody. Raises NotFound as `read_current_agenda` does."""
    agenda = await read_current_agenda(mongo, brokerage_event)
    called = await labels(mongo, brokerage_event.id, agenda.sides)
    details = details_of(brokerage_event.state, await names(mongo, agenda.sides), called)
    return timetable_of(details, (*agenda.placements, *agenda.appointments), agenda.unplaced, agenda.version)


async def _newest(mongo: Mongo, event_id: str, member: str | None) -> tuple[int, tuple[Placement, ...], tuple[Unplaced, ...]]:
    """Read the newest version of an agenda; version 0 and nothing placed before the first, where there are appointments."""
    try:
        if member is not None:
            part = await agenda_of_member(mongo, event_id, member)
            return part.version, part.placements, part.unplaced
        agenda = await read_agenda(mongo, event_id)
        return agenda.version, agenda.state.placements, agenda.state.unplaced
    except NotFound:
        if await has_appointments(mongo, event_id):
            return 0, (), ()
        raise
