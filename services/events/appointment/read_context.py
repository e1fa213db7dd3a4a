"""Reading what the rules of an appointment need to know beside its meeting."""

from collections.abc import Sequence
from datetime import datetime

from services.events.agenda.queries import placement_in_agenda, tables_in_agenda
from services.events.agenda.state import Placement
from services.events.appointment.rules.booking import AppointmentContext, AppointmentRequest
from services.events.appointment.rules.wishes import at_limit, without_break
from services.events.brokerage.state import BrokerageEvent
from services.events.meeting.cancellations import entries_of, read_cancellations
from services.events.meeting.place_search import PlaceSearch, find_place
from services.events.meeting.queries import appointment_placements, appointments
from services.events.meeting.state import Meeting
from services.events.registration.queries import taking_part
from shared.chassis.mongo import Mongo
from shared.chassis.writes.aggregate import Stored


async def read_context(
    mongo: Mongo, brokerage_event: Stored[BrokerageEvent], meeting: Stored[Meeting], request: AppointmentRequest, now: datetime
) -> tuple[PlaceSearch, AppointmentContext]:
    """Read where the meeting is now, where it could be, and what its sides asked for; with the search that found the place."""
    state = meeting.state
    in_agenda = await placement_in_agenda(mongo, brokerage_event.id, meeting.id)
    table = state.proposed_table(request.slot, request.table)
    own = tuple(place for place in (state.appointment, in_agenda) if place is not None)
    search = PlaceSearch(request.slot, table, state.sides, state.people, own)
    place = await find_place(mongo, brokerage_event, search)
    registered = await taking_part(mongo, brokerage_event.id, state.sides)
    placements = await _other_placements(mongo, brokerage_event, state.sides, meeting.id)
    people = place.people if place else ()
    return search, AppointmentContext(
        registered=frozenset(registered),
        in_agenda=(in_agenda.slot, in_agenda.table) if in_agenda else None,
        place=place,
        now=now,
        unavailable=frozenset(member for member, registration in registered.items() if request.slot in registration.unavailable),
        at_limit=at_limit(registered, placements),
        without_break=without_break(people, request.slot, registered, placements, brokerage_event.state),
    )


async def _other_placements(
    mongo: Mongo, brokerage_event: Stored[BrokerageEvent], sides: Sequence[str], meeting_id: str
) -> list[Placement]:
    """Read where the sides have their other meetings, by the newest agenda and by appointments, but for those cancelled since."""
    scheduled = (await tables_in_agenda(mongo, brokerage_event.id, sides)).placements
    cancelled = await read_cancellations(mongo, brokerage_event, entries_of(scheduled))
    booked = [stored for side in sides for stored in await appointments(mongo, brokerage_event.id, side)]
    placements = {placement.meeting_id: placement for placement in [*scheduled, *appointment_placements(booked)]}
    return [placement for id, placement in placements.items() if id != meeting_id and id not in cancelled]
