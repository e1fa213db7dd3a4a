"""The ledger of broadcasts: what all members of some districts are notified of, and how many of them have the message.

Recipients are the members approved before the event, in whatever order the two arrive. A member known as approved when a
broadcast is entered is on one of its pages; for a member known later the reaction to its approval enters the message
(`missed_messages`), after the approval is folded. A message that both enter has one id.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.notifications.messages.ledger import About, Message, Origin, new_message
from services.notifications.notices.context import Notice
from services.notifications.notices.facts import AboutEvent, EventDetails
from services.notifications.read_models import Member
from shared.chassis.documents import parse_entry
from shared.chassis.ids import computed_id
from shared.chassis.mongo import ASCENDING, Index, Mongo
from shared.contracts.envelope import Envelope

BROADCASTS = "broadcasts"
INDEXES: dict[str, list[Index]] = {
    BROADCASTS: [([("done", ASCENDING), ("created", ASCENDING)], {}), ([("created", ASCENDING)], {})],
}


@dataclass(frozen=True)
class Broadcast:
    """A broadcast. `created` is the time of the event, `entered` that of the entry; `after` is the last member with its message."""

    id: str
    template: str
    districts: tuple[str, ...]
    event: EventDetails
    cause: str
    correlation: str
    created: datetime
    entered: datetime
    after: str
    done: bool
    brokerage_event: str | None = None


def new_broadcast(template: str, districts: tuple[str, ...], event: EventDetails, cause: Envelope, now: datetime) -> Broadcast:
    """Make a broadcast to the members of districts."""
    return Broadcast(
        id=computed_id("broadcast", cause.id),
        template=template,
        districts=districts,
        event=event,
        cause=cause.id,
        correlation=cause.correlation,
        created=cause.time,
        entered=now,
        after="",
        done=False,
        brokerage_event=cause.subject,
    )


def is_historical(cause: Envelope, now: datetime, historical_after: float) -> bool:
    """Whether it is too late for a broadcast: a member of now may not have been one then. `historical_after` is in seconds."""
    return now - cause.time > timedelta(seconds=historical_after)


def message_to(id: str, member: Member, broadcast: Broadcast, moment: datetime, historical_after: float) -> Message:
    """Make the message of a broadcast to one member; `moment` alone decides whether it is historical."""
    about = About(brokerage_event=broadcast.brokerage_event)
    origin = Origin(broadcast.cause, broadcast.correlation, broadcast.created, about)
    notice = Notice(broadcast.template, id, AboutEvent(member.name, broadcast.event))
    return new_message(notice, origin, moment, historical_after)


async def missed_messages(
    mongo: Mongo, id: str, member: Member, approved: datetime, now: datetime, historical_after: float
) -> list[Message]:
    """Make the messages of broadcasts that were entered before a member's approval was known, of events after it."""
    if member.status != "approved":
        return []
    query = {"created": {"$gte": approved}, "districts": {"$in": list(member.districts)}}
    broadcasts = [parse_entry(Broadcast, document) async for document in mongo[BROADCASTS].find(query)]
    return [
        message_to(id, member, broadcast, now if is_late(broadcast, now, historical_after) else broadcast.entered, historical_after)
        for broadcast in broadcasts
    ]


def is_late(broadcast: Broadcast, now: datetime, historical_after: float) -> bool:
    """Whether a broadcast was entered so long ago that recipients found only now get no mail."""
    return now - broadcast.entered > timedelta(seconds=historical_after)


async def count_open(mongo: Mongo) -> int:
    """Count the broadcasts that are not entered completely."""
    return await mongo[BROADCASTS].count_documents({"done": False})
