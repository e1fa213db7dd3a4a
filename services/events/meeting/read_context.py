"""Reading what the rules of a meeting need to know beside its state."""

from collections.abc import Sequence
from datetime import datetime

from services.events.brokerage.state import BrokerageEvent
from services.events.meeting.rules.context import MeetingContext, Place
from services.events.meeting.state import Meeting
from services.events.projections import find_introduction, members_by_id
from services.events.registration.queries import taking_part
from services.events.registration.rules.people import people_of
from services.events.registration.state import Registration
from shared.chassis.mongo import Mongo
from shared.chassis.writes.aggregate import Stored


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
) -> MeetingContext:
    """Read the registrations and kinds of the members, who requests first, and the introduction that a request names."""
    registered = await taking_part(mongo, brokerage_event.id, members)
    members_read = await members_by_id(mongo, registered)
    slot = request_seen.slot if request_seen else None
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
        unavailable=frozenset(member for member, state in registered.items() if slot in state.unavailable),
    )


def _is_unwilling(registration: Registration, requesting: str) -> bool:
    return any(preference.wish == "no-thanks" and preference.member_id == requesting for preference in registration.preferences)
