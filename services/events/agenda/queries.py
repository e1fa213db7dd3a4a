"""Reading the newest versions of agendas."""

from services.events.agenda.aggregate import AGENDA
from services.events.agenda.rules.place_claims import seated
from shared.chassis.errors import NotFound
from shared.chassis.mongo import Document, Mongo, Session


async def in_agenda(mongo: Mongo, event: str, meeting: str) -> Document | None:
    """Read the place of a meeting in the newest agenda, and who sits there; None where it has none."""
    placed = {"_id": event, "state.placements.meeting_id": meeting}
    found = await mongo[AGENDA.collection].find_one(placed, {"state.placements.$": 1})
    return {**(one := found["state"]["placements"][0]), "people": seated(one)} if found else None


async def agenda(mongo: Mongo, event: str) -> Document:
    """Read the newest version of an event's agenda. Raises NotFound."""
    found = await mongo[AGENDA.collection].find_one({"_id": event})
    if found is None:
        it = "L'agenda di questo evento non è ancora pubblicata."
        raise NotFound("agenda-unknown", it=it, en="The agenda of this event is not published yet.")
    return found


async def slots_in_agenda(mongo: Mongo, event: str, session: Session | None) -> dict[str, int]:
    """Read the slots of the meetings in the newest agenda. What has begun stays in its slot through all versions."""
    slots = {"state.placements.meeting_id": 1, "state.placements.slot": 1}
    found = await mongo[AGENDA.collection].find_one({"_id": event}, slots, session=session)
    return {one["meeting_id"]: one["slot"] for one in found["state"]["placements"]} if found else {}
