"""Reading what an agenda is computed from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.events.agenda.queries import slots_in_agenda
from services.events.attendance.rules.no_shows import no_shows
from services.events.brokerage.queries import read_brokerage_event
from services.events.brokerage.state import BrokerageEvent
from services.events.meeting.queries import accepted_meetings
from services.events.meeting.state import Meeting
from services.events.registration.overlaps import read_overlaps
from services.events.registration.parallel_bookings import booked_elsewhere
from services.events.registration.queries import registrations_of
from services.events.registration.state import Registration
from shared.chassis.mongo import Mongo, Session
from shared.chassis.writes.aggregate import Stored


@dataclass(frozen=True)
class SchedulingInput:
    """The event, its accepted meetings and the registrations of their sides, in the order of ids.

    `no_shows` are those of them who did not come on the day on which this was read, with the slots of that day. `elsewhere` are
    the slots in which people have a meeting at a parallel event.
    """

    brokerage_event: Stored[BrokerageEvent]
    meetings: list[Stored[Meeting]]
    registrations: list[Stored[Registration]]
    no_shows: Mapping[str, frozenset[int]]
    elsewhere: Mapping[str, frozenset[int]] = field(default_factory=dict)


async def read_scheduling_input(mongo: Mongo, event_id: str, now: datetime, session: Session | None = None) -> SchedulingInput:
    """Read what an agenda is computed from, and who did not come until now. Raises NotFound."""
    brokerage_event = await read_brokerage_event(mongo, event_id, session)
    meetings = await accepted_meetings(mongo, event_id, session)
    sides = {side for meeting in meetings for side in meeting.state.sides}
    registrations = await registrations_of(mongo, event_id, sides, session)
    recorded = {meeting.id: meeting.state for meeting in meetings if meeting.state.attendance is not None}
    slots = await slots_in_agenda(mongo, event_id, session) if recorded else {}
    absent = no_shows(brokerage_event.state, recorded, [registration.state for registration in registrations], slots, now)
    elsewhere = await booked_elsewhere(mongo, await read_overlaps(mongo, brokerage_event, sides, session), session)
    return SchedulingInput(brokerage_event, meetings, registrations, absent, elsewhere)
