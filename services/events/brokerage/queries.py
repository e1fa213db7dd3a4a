"""Reading brokerage events."""

from services.events.brokerage.aggregate import BROKERAGE
from shared.chassis.errors import NotFound
from shared.chassis.mongo import Document, Mongo, Session


async def brokerage_event(mongo: Mongo, id: str, session: Session | None = None) -> Document:
    """Read a brokerage event. Raises NotFound."""
    found = await mongo[BROKERAGE.collection].find_one({"_id": id}, session=session)
    if found is None:
        raise unknown_event()
    return found


def unknown_event() -> NotFound:
    """Say that there is no brokerage event by an id."""
    return NotFound("event-unknown", it="Non c'è nessun evento con questo id.", en="There is no brokerage event by this id.")
