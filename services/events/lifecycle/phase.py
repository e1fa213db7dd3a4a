"""Where an event is in its life."""

from services.events.agenda.aggregate import AGENDA
from services.events.computation.queue import COMPUTATIONS, UNDER_WAY
from shared.chassis.mongo import Document, Mongo


async def phase_of(mongo: Mongo, event: Document) -> str:
    """Say where an event is in its life: its status, and around the publication of its agenda what becomes of that."""
    status: str = event["state"]["status"]
    if status not in ("registration-open", "registration-closed"):
        return status
    if await mongo[COMPUTATIONS].find_one({"_id": event["_id"], "status": {"$in": UNDER_WAY}}, {"_id": 1}):
        return "scheduling"
    published = await mongo[AGENDA.collection].find_one({"_id": event["_id"]}, {"_id": 1})
    return "published" if published and status == "registration-closed" else status
