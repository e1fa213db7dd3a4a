"""Reading what is in the way of an appointment, by what its sides asked for."""

from collections.abc import Iterable, Mapping, Sequence

from services.events.agenda.queries import tables_in_agenda
from services.events.agenda.state import Placement
from services.events.brokerage.state import BrokerageEvent
from services.events.meeting.cancellations import entries_of, read_cancellations
from services.events.meeting.queries import appointment_placements, appointments
from services.events.meeting.rules.wishes import Obstacles, at_limit, without_break
from services.events.registration.state import Registration
from shared.chassis.mongo import Mongo
from shared.chassis.writes.aggregate import Stored


async def read_obstacles(
    mongo: Mongo,
    brokerage_event: Stored[BrokerageEvent],
    meeting_id: str,
    slot: int,
    sides: Mapping[str, Registration],
    people: Sequence[str],
) -> Obstacles:
    """Read which of these sides would have the meeting beyond what they asked for, where one of these people comes."""
    placements = await _other_placements(mongo, brokerage_event, sides, meeting_id)
    return Obstacles(
        unavailable=unavailable_in(slot, sides),
        at_limit=at_limit(sides, placements),
        without_break=without_break(people, slot, sides, placements, brokerage_event.state),
    )


def unavailable_in(slot: int | None, sides: Mapping[str, Registration]) -> frozenset[str]:
    """Name those that are not available in a slot."""
    return frozenset(member for member, registration in sides.items() if slot in registration.unavailable)


async def _other_placements(
    mongo: Mongo, brokerage_event: Stored[BrokerageEvent], sides: Iterable[str], meeting_id: str
) -> list[Placement]:
    """Read where the sides have their other meetings, by the newest agenda and by appointments, but for those cancelled since."""
    scheduled = (await tables_in_agenda(mongo, brokerage_event.id, sides)).placements
    cancelled = await read_cancellations(mongo, brokerage_event, entries_of(scheduled))
    booked = [stored for side in sides for stored in await appointments(mongo, brokerage_event.id, side)]
    placements = {placement.meeting_id: placement for placement in [*scheduled, *appointment_placements(booked)]}
    return [placement for id, placement in placements.items() if id != meeting_id and id not in cancelled]
