"""Who may know a brokerage event, and act at it. A draft is known to its managers; to everybody else it does not exist."""

from services.events.brokerage.queries import read_brokerage_event, unknown_event
from services.events.brokerage.state import BrokerageEvent
from services.events.permissions import manages, may_act_at, may_manage
from shared.chassis.http.auth import Principal
from shared.chassis.mongo import Mongo
from shared.chassis.writes.aggregate import Stored


async def visible_event(mongo: Mongo, principal: Principal | None, id: str) -> Stored[BrokerageEvent]:
    """Read a brokerage event for whoever may know it. Raises NotFound."""
    return known_to(principal, await read_brokerage_event(mongo, id))


def known_to(principal: Principal | None, brokerage_event: Stored[BrokerageEvent]) -> Stored[BrokerageEvent]:
    """Give an event to whoever may know it. Raises NotFound."""
    if brokerage_event.state.status == "draft" and not manages(principal, brokerage_event.state.districts):
        raise unknown_event()
    return brokerage_event


async def managed_event(mongo: Mongo, principal: Principal, id: str) -> Stored[BrokerageEvent]:
    """Read a brokerage event for a manager of one of its districts. Raises NotFound and Forbidden."""
    brokerage_event = await visible_event(mongo, principal, id)
    may_manage(principal, brokerage_event.state.districts)
    return brokerage_event


async def event_acted_at(mongo: Mongo, principal: Principal, id: str, *members: str) -> Stored[BrokerageEvent]:
    """Read a brokerage event for whoever acts for one of these members, or manages it. Raises NotFound and Forbidden."""
    brokerage_event = await visible_event(mongo, principal, id)
    may_act_at(principal, brokerage_event.state.districts, *members)
    return brokerage_event
