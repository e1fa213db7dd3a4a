"""Reading what the rules of an appointment need to know beside its meeting."""

from datetime import datetime

from services.events.agenda.queries import placement_in_agenda
from services.events.appointment.rules.booking import AppointmentContext, AppointmentRequest
from services.events.brokerage.state import BrokerageEvent
from services.events.meeting.obstacles import read_obstacles
from services.events.meeting.place_search import PlaceSearch, find_place
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
    people = place.people if place else ()
    obstacles = await read_obstacles(mongo, brokerage_event, meeting.id, request.slot, registered, people)
    return search, AppointmentContext(
        registered=frozenset(registered),
        in_agenda=(in_agenda.slot, in_agenda.table) if in_agenda else None,
        place=place,
        now=now,
        unavailable=obstacles.unavailable,
        at_limit=obstacles.at_limit,
        without_break=obstacles.without_break,
    )
