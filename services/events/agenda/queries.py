"""Reading the newest versions of agendas."""

from services.events.agenda.aggregate import AGENDA
from services.events.agenda.state import Agenda, Placement
from shared.chassis.documents import parse
from shared.chassis.errors import NotFound
from shared.chassis.mongo import Mongo, Session
from shared.chassis.writes.aggregate import Stored
from shared.chassis.writes.queries import find_aggregate


async def newest_agenda(mongo: Mongo, event: str) -> Stored[Agenda]:
    """Read the newest version of an event's agenda. Raises NotFound."""
    agenda = await find_aggregate(mongo, AGENDA, event)
    if agenda is None:
        raise NotFound("agenda-unknown")
    return agenda


async def has_agenda(mongo: Mongo, event: str) -> bool:
    """Tell whether an agenda of the event was ever published."""
    return await mongo[AGENDA.collection].find_one({"_id": event}, {"_id": 1}) is not None


async def newest_input(mongo: Mongo, event: str) -> str | None:
    """Read the input of the newest version alone; None where there is none."""
    document = await mongo[AGENDA.collection].find_one({"_id": event}, {"state.input": 1})
    return None if document is None else document["state"]["input"]


async def placement_of(mongo: Mongo, event: str, meeting: str) -> Placement | None:
    """Read the place of one meeting in the newest agenda; None where it has none."""
    placed = {"_id": event, "state.placements.meeting_id": meeting}
    document = await mongo[AGENDA.collection].find_one(placed, {"state.placements.$": 1})
    return None if document is None else parse(Placement, document["state"]["placements"][0])


async def slots_in_agenda(mongo: Mongo, event: str, session: Session | None) -> dict[str, int]:
    """Read the slots of the meetings in the newest agenda. What has begun stays in its slot through all versions."""
    # Only two fields are read of thousands of placements.
    slots = {"state.placements.meeting_id": 1, "state.placements.slot": 1}
    document = await mongo[AGENDA.collection].find_one({"_id": event}, slots, session=session)
    return {placed["meeting_id"]: placed["slot"] for placed in document["state"]["placements"]} if document else {}
