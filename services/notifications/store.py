"""What notifications keeps: deliveries, messages, and the facts that messages name."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.notifications import rules
from services.notifications.message_queue import BROADCASTS, MESSAGES
from services.notifications.projections import AGENDAS, BROKERAGE, MEETINGS, MEMBERS, agenda_id
from shared.chassis.errors import NotFound
from shared.chassis.inbox.held_events import Awaited
from shared.chassis.inbox.positions import positions_of
from shared.chassis.mongo import ASCENDING, DESCENDING, Document, Index, Mongo
from shared.chassis.projections.projection import Projection
from shared.chassis.reactions.reaction import NotYet
from shared.chassis.writes.aggregate import Aggregate
from shared.contracts import topics

DELIVERY: Aggregate[rules.Delivery] = Aggregate("delivery", topics.DELIVERIES, "deliveries", rules.evolve_delivery)

INDEXES: dict[str, list[Index]] = {
    MESSAGES: [
        ([("recipient", ASCENDING), ("order", DESCENDING)], {}),
        ([("mail.status", ASCENDING), ("mail.due", ASCENDING)], {}),
    ],
    BROADCASTS: [([("done", ASCENDING), ("created", ASCENDING)], {}), ([("created", ASCENDING)], {})],
    MEMBERS.collection: [([("districts", ASCENDING), ("_id", ASCENDING)], {})],
}


async def names_of(mongo: Mongo, ids: Iterable[str]) -> Mapping[str, str]:
    """Read organisations' names. Raises NotYet where one is still to come."""
    wanted = sorted(set(ids))
    found = mongo[MEMBERS.collection].find({"_id": {"$in": wanted}}, {"name": 1})
    names = {document["_id"]: document["name"] async for document in found}
    for id in wanted:
        if id not in names:
            raise not_yet(MEMBERS, id)
    return names


async def approved(mongo: Mongo, id: str, sequence: int) -> Document:
    """Read a member as it is known since its approval, its event of this number. Raises NotYet where that is still to come."""
    found = await mongo[MEMBERS.collection].find_one({"_id": id})
    if found is None or found["status"] == "applied":
        raise not_yet(MEMBERS, id, sequence)
    return found


async def brokerage(mongo: Mongo, id: str) -> Mapping[str, Any]:
    """Read a brokerage event. Raises NotYet where its announcement is still to come: a draft may yet change."""
    found = await mongo[BROKERAGE.collection].find_one({"_id": id})
    if found is None or found["status"] == "draft":
        raise not_yet(BROKERAGE, id, found["told"] + 1 if found else 1)
    return found


async def corrected(mongo: Mongo, id: str, known: Mapping[str, Any]) -> NotYet:
    """Say which fact is awaited where a brokerage event was corrected since it was as it is `known`: whatever comes next of it."""
    lane = f"{BROKERAGE.topics[0].name}|{id}"
    heard = (await positions_of(mongo, BROKERAGE.name, [lane]))[lane].sequence
    # It may have come since `known` was read: then it is not what comes next.
    told = (await brokerage(mongo, id))["told"]
    return not_yet(BROKERAGE, id, heard + 1 if told == known["told"] else told)


async def sides_of(mongo: Mongo, meetings: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Read who is in these meetings. Raises NotYet where one is still to come."""
    wanted = list(meetings)
    found = mongo[MEETINGS.collection].find({"_id": {"$in": wanted}})
    sides = {document["_id"]: tuple(document["members"]) async for document in found}
    for id in wanted:
        if id not in sides:
            raise not_yet(MEETINGS, id)
    return sides


async def agreed_slot(mongo: Mongo, meeting: str, sequence: int) -> int | None:
    """Read which slot was asked for where the event of this number agrees on a meeting. Raises NotYet where it is still to come."""
    found = await mongo[MEETINGS.collection].find_one({"_id": meeting})
    if found is not None and "agreed" not in found:
        # Folded before this was kept: told as if it had been asked for without a slot.
        return None
    for agreement in found["agreed"] if found else ():
        if agreement["sequence"] == sequence:
            slot: int | None = agreement["slot"]
            return slot
    raise not_yet(MEETINGS, meeting, sequence)


async def agenda(mongo: Mongo, event: str, version: int) -> Mapping[str, Any]:
    """Read a version of an agenda. Raises NotYet where it is still to come."""
    found = await mongo[AGENDAS.collection].find_one({"_id": agenda_id(event, version)})
    if found is None:
        raise not_yet(AGENDAS, event, version)
    return found


def not_yet(projection: Projection[Any], id: str, sequence: int = 1) -> NotYet:
    """Say which fact is awaited: an event of an aggregate, the first where nothing else is said."""
    return NotYet(Awaited(projection.name, f"{projection.topics[0].name}|{id}", sequence))


async def message(mongo: Mongo, id: str) -> Document:
    """Read a message. Raises NotFound."""
    found = await mongo[MESSAGES].find_one({"_id": id})
    if found is None:
        raise NotFound("message-unknown", it="Non c'è nessun messaggio con questo id.", en="There is no message by this id.")
    return found
