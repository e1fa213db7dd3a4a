"""Reading what is known now of what messages are about."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from services.notifications.mail.outdated import LINES, Situation
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
    replaced = await _replaced(mongo, messages)
    return {
        message.id: Situation(
            now=now,
            statuses=tuple(members[id].status for id in (message.recipient, *message.about.members) if id in members),
            brokerage_event=events.get(message.about.brokerage_event or ""),
            meeting=meetings.get(message.about.meeting or ""),
            replaced=message.id in replaced,
        )
        for message in messages
    }


async def _rows(mongo: Mongo, projection: Projection[R], ids: Iterable[str | None]) -> Mapping[str, R]:
    documents = mongo[projection.collection].find({"_id": {"$in": sorted({id for id in ids if id is not None})}})
    return {document["_id"]: projection.read(document) async for document in documents}


async def _replaced(mongo: Mongo, messages: Sequence[Message]) -> set[str]:
    """The ids of those messages that a newer one of their line replaces, about the same event to the same member."""
    of_lines = [message for message in messages if message.template in LINES]
    events = {message.about.brokerage_event for message in of_lines if message.about.brokerage_event is not None}
    if not events:
        return set()
    newer = {
        "recipient": {"$in": sorted({message.recipient for message in of_lines})},
        "template": {"$in": sorted(LINES)},
        "about.brokerage_event": {"$in": sorted(events)},
    }
    newest: dict[tuple[str, str, str], int] = defaultdict(int)
    async for document in mongo[MESSAGES].find(newer, {"recipient": 1, "template": 1, "about": 1}):
        key = (document["recipient"], document["about"]["brokerage_event"], document["template"])
        newest[key] = max(newest[key], document["about"]["sequence"])
    return {
        message.id
        for message in of_lines
        for template in LINES[message.template]
        if newest[message.recipient, message.about.brokerage_event or "", template] > message.about.sequence
    }
