"""Where an event is in its life."""

from services.events.agenda.aggregate import AGENDA
from services.events.brokerage.state import BrokerageEvent
from services.events.computation.queue import COMPUTATIONS, UNDER_WAY
from shared.chassis.mongo import Mongo
from shared.chassis.writes.aggregate import Stored


async def phase_of(mongo: Mongo, event: Stored[BrokerageEvent]) -> str:
    """Say where an event is in its life: its status, and around the publication of its agenda what becomes of that."""
    status: str = event.state.status
    if status not in ("registration-open", "registration-closed"):
        return status
    if await mongo[COMPUTATIONS].find_one({"_id": event.id, "status": {"$in": UNDER_WAY}}, {"_id": 1}):
        return "scheduling"
    published = await mongo[AGENDA.collection].find_one({"_id": event.id}, {"_id": 1})
    return "published" if published and status == "registration-closed" else status
