"""Where an event is in its life."""

from services.events.agenda.queries import is_published
from services.events.brokerage.state import BrokerageEvent
from services.events.computation.queue import is_under_way
from shared.chassis.mongo import Mongo
from shared.chassis.writes.aggregate import Stored


async def phase_of(mongo: Mongo, brokerage_event: Stored[BrokerageEvent]) -> str:
    """Say where an event is in its life: its status, and around the publication of its agenda what becomes of that."""
    status: str = brokerage_event.state.status
    if status not in ("registration-open", "registration-closed"):
        return status
    if await is_under_way(mongo, brokerage_event.id):
        return "scheduling"
    return "published" if status == "registration-closed" and await is_published(mongo, brokerage_event.id) else status
