"""Reading what is known now of what messages are about."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from services.notifications.mail.news import LINES, Situation
from services.notifications.messages.ledger import MESSAGES, Message
from services.notifications.projections import BROKERAGE, MEETINGS, MEMBERS
from shared.chassis.mongo import Mongo
from shared.chassis.projections.projection import Projection

R = TypeVar("R")


async def situations_of(mongo: Mongo, messages: Sequence[Message], now: datetime) -> Mapping[str, Situation]:
    """Read the situation of each message, by its id."""
    members = await _rows(
        mongo, MEMBERS, (member for message in messages for member in (message.recipient, *message.about.members))
    )
    events = await _rows(mongo, BROKERAGE, (message.about.brokerage_event for message in messages))
    meetings = await _rows(mongo, MEETINGS, (message.about.meeting for message in messages))
    return {
        message.id: Situation(
            now=now,
            statuses=tuple(members[id].status for id in (message.recipient, *message.about.members) if id in members),
            brokerage_event=events.get(message.about.brokerage_event or ""),
            meeting=meetings.get(message.about.meeting or ""),
            replaced=message.template in LINES and await _is_replaced(mongo, message),
        )
        for message in messages
    }


async def _rows(mongo: Mongo, projection: Projection[R], ids: Iterable[str | None]) -> Mapping[str, R]:
    documents = mongo[projection.collection].find({"_id": {"$in": sorted({id for id in ids if id is not None})}})
    return {document["_id"]: projection.read(document) async for document in documents}


async def _is_replaced(mongo: Mongo, message: Message) -> bool:
    newer = {
        "recipient": message.recipient,
        "template": {"$in": LINES[message.template]},
        "about.brokerage_event": message.about.brokerage_event,
        "about.sequence": {"$gt": message.about.sequence},
    }
    return message.about.brokerage_event is not None and await mongo[MESSAGES].find_one(newer, {"_id": 1}) is not None
