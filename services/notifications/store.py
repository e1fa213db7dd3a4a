"""What notifications keeps: deliveries, messages, and the facts that messages name."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.notifications import domain
from services.notifications.ledger import MESSAGES
from services.notifications.projections import AGENDAS, BROKERAGE, MEMBERS, agenda_id
from shared.chassis.aggregate import Aggregate
from shared.chassis.errors import NotFound
from shared.chassis.mongo import ASCENDING, DESCENDING, Document, Index, Mongo
from shared.chassis.projection import Projection
from shared.chassis.reaction import NotYet
from shared.chassis.waiting import Awaited
from shared.contracts import topics

DELIVERY: Aggregate[domain.Delivery] = Aggregate("delivery", topics.DELIVERIES, "deliveries", domain.evolve_delivery)

INDEXES: dict[str, list[Index]] = {
    MESSAGES: [
        ([("recipient", ASCENDING), ("order", DESCENDING)], {}),
        ([("mail.status", ASCENDING), ("mail.due", ASCENDING)], {}),
    ]
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


async def brokerage(mongo: Mongo, id: str) -> Mapping[str, Any]:
    """Read a brokerage event. Raises NotYet where it is still to come."""
    found = await mongo[BROKERAGE.collection].find_one({"_id": id})
    if found is None:
        raise not_yet(BROKERAGE, id)
    return found


async def agenda_before(mongo: Mongo, event: str, version: int) -> Mapping[str, Any] | None:
    """Read the version of an agenda before this one; None before the first. Raises NotYet where it is still to come."""
    if version == 1:
        return None
    found = await mongo[AGENDAS.collection].find_one({"_id": agenda_id(event, version - 1)})
    if found is None:
        raise NotYet(Awaited(AGENDAS.name, f"{AGENDAS.topics[0].name}|{event}", version - 1))
    return found


def not_yet(projection: Projection, id: str) -> NotYet:
    """Say which fact is awaited: the first event of an aggregate."""
    return NotYet(Awaited(projection.name, f"{projection.topics[0].name}|{id}", 1))


async def message(mongo: Mongo, id: str) -> Document:
    """Read a message. Raises NotFound."""
    found = await mongo[MESSAGES].find_one({"_id": id})
    if found is None:
        raise NotFound("message-unknown", it="Non c'è nessun messaggio con questo id.", en="There is no message by this id.")
    return found
