"""Brokerage events and their participants, as suggestions need them."""

from services.matching.projections.brokerage_events import BROKERAGE_EVENTS, PARTICIPANTS, BrokerageEventRow
from shared.chassis.errors import NotFound
from shared.chassis.mongo import Mongo


async def read_brokerage_event(mongo: Mongo, id: str) -> BrokerageEventRow:
    """Read an announced brokerage event. Raises NotFound."""
    document = await mongo[BROKERAGE_EVENTS.collection].find_one({"_id": id})
    if document is None:
        raise NotFound("brokerage-event-unknown")
    return BROKERAGE_EVENTS.read(document)


async def participants_of(mongo: Mongo, brokerage_event: str) -> dict[str, tuple[str, ...]]:
    """Read the participants of a brokerage event, each with those it does not want to meet."""
    documents = mongo[PARTICIPANTS.collection].find({"event_id": brokerage_event, "takes_part": True})
    rows = [PARTICIPANTS.read(document) async for document in documents]
    return {row.member_id: row.avoids for row in rows}
