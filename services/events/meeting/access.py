"""Who may know a meeting: its sides, and managers of its event. Its id is computed from public ones, so that others could ask."""

from services.events.brokerage.queries import read_brokerage_event
from services.events.brokerage.state import BrokerageEvent
from services.events.meeting.queries import find_meeting
from services.events.meeting.state import Meeting
from services.events.permissions import manages
from shared.chassis.errors import NotFound
from shared.chassis.http.auth import Principal
from shared.chassis.http.commands import Run
from shared.chassis.mongo import Mongo
from shared.chassis.writes.aggregate import Stored


def hides_version(principal: Principal, brokerage_event: Stored[BrokerageEvent], meeting: Stored[Meeting]) -> bool:
    """Whether a version may count what is hidden: once it was said whether a meeting was held, its sides may give feedback."""
    return meeting.state.attendance is not None and not manages(principal, brokerage_event.state.districts)


async def commanded_meeting(
    mongo: Mongo, principal: Principal, id: str, run: Run
) -> tuple[Stored[Meeting], Stored[BrokerageEvent]]:
    """Read a meeting and its event for a command. Raises NotFound, and Invalid for an If-Match where versions are hidden."""
    meeting, brokerage_event = await known_meeting(mongo, principal, id)
    if hides_version(principal, brokerage_event, meeting):
        run.refuse_if_match()
    return meeting, brokerage_event


async def known_meeting(mongo: Mongo, principal: Principal, id: str) -> tuple[Stored[Meeting], Stored[BrokerageEvent]]:
    """Read a meeting and its event for a side or a manager. Raises NotFound, for everybody else as if there were none."""
    meeting = await find_meeting(mongo, id)
    if meeting is None:
        raise NotFound("meeting-unknown")
    brokerage_event = await read_brokerage_event(mongo, meeting.state.event_id)
    is_side = any(principal.acts_for(side) for side in meeting.state.sides)
    if not is_side and not manages(principal, brokerage_event.state.districts):
        raise NotFound("meeting-unknown")
    return meeting, brokerage_event
