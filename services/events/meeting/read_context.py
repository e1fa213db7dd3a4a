"""Reading what the rules of a meeting need to know beside its state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.events.brokerage.state import BrokerageEvent
from services.events.meeting.obstacles import read_obstacles, unavailable_in
from services.events.meeting.queries import meeting_id
from services.events.meeting.rules.context import MeetingContext, Place
from services.events.meeting.rules.representatives import eligible
from services.events.meeting.rules.wishes import Obstacles, Overrides
from services.events.meeting.state import Meeting
from services.events.projections import find_introduction, members_by_id
from services.events.registration.queries import taking_part
from services.events.registration.rules.people import people_of
from services.events.registration.state import Registration
from shared.chassis.mongo import Mongo
from shared.chassis.writes.aggregate import Stored


@dataclass(frozen=True)
class SpokenFor:
    """A side that a manager speaks for: in which slot, else that of the request; who was `named` for it; what to go beyond."""

    side: str
    slot: int | None
    named: tuple[str, ...]
    overrides: Overrides


async def read_context(
    mongo: Mongo,
    brokerage_event: Stored[BrokerageEvent],
    members: Sequence[str],
    now: datetime,
    *,
    place: Place | None,
    request_seen: Meeting | None,
    introduction_id: str | None = None,
    by_manager: bool = False,
    spoken_for: SpokenFor | None = None,
) -> MeetingContext:
    """Read the registrations and kinds of the members, who requests first, and the introduction that a request names."""
    registered = await taking_part(mongo, brokerage_event.id, members)
    members_read = await members_by_id(mongo, registered)
    slot_seen = request_seen.slot if request_seen else None
    obstacles = await _read_obstacles(mongo, brokerage_event, members, registered, place, slot_seen, spoken_for)
    return MeetingContext(
        brokerage_event=brokerage_event.state,
        registered=frozenset(registered),
        introduction=await find_introduction(mongo, introduction_id) if introduction_id else None,
        now=now,
        unwilling=frozenset(member for member, state in registered.items() if _is_unwilling(state, members[0])),
        by_manager=by_manager,
        place=place,
        people={member: people_of(state) for member, state in registered.items() if state.representatives},
        kinds={member: row.kind for member, row in members_read.items()},
        request_seen=request_seen,
        in_name_of=spoken_for.overrides if spoken_for else None,
        unavailable=obstacles.unavailable,
        at_limit=obstacles.at_limit,
        without_break=obstacles.without_break,
    )


async def _read_obstacles(
    mongo: Mongo,
    brokerage_event: Stored[BrokerageEvent],
    members: Sequence[str],
    registered: Mapping[str, Registration],
    place: Place | None,
    slot_seen: int | None,
    spoken_for: SpokenFor | None,
) -> Obstacles:
    """Read who is not available; for a manager also what else the side that it speaks for asked for."""
    slot = (spoken_for.slot if spoken_for else None) or slot_seen
    if spoken_for is None or slot is None or spoken_for.side not in registered:
        return Obstacles(unavailable=unavailable_in(slot, registered))
    people = eligible(people_of(registered[spoken_for.side]), spoken_for.named)
    if place is not None and slot == slot_seen:
        people = place.people
    return await read_obstacles(mongo, brokerage_event, meeting_id(brokerage_event.id, *members), slot, registered, people)


def _is_unwilling(registration: Registration, requesting: str) -> bool:
    return any(preference.wish == "no-thanks" and preference.member_id == requesting for preference in registration.preferences)
