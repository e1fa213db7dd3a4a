"""The ledger of messages: one for each event and recipient, and how far its mail is. Never rebuilt.

A mail is `queued`, `waiting` (for a contact), `sending`, `sent`, `failed` or `historical`. `due` is when a queued mail may be
claimed, and when the claim of one that is being sent ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from services.notifications.notices.context import Notice
from shared.chassis.documents import parse_entry, to_document, to_entry
from shared.chassis.errors import NotFound
from shared.chassis.ids import computed_id
from shared.chassis.mongo import ASCENDING, DESCENDING, Document, Index, Mongo, Session
from shared.contracts.base import to_text

MESSAGES = "messages"
INDEXES: dict[str, list[Index]] = {
    MESSAGES: [
        ([("recipient", ASCENDING), ("order", DESCENDING)], {}),
        ([("mail.status", ASCENDING), ("mail.due", ASCENDING)], {}),
    ],
}
MailStatus = Literal["queued", "waiting", "sending", "sent", "failed", "historical"]


@dataclass(frozen=True)
class About:
    """What a message is about: by it a mail that waited is found to be over.

    `members` must still be members for it, `sequence` is the event's in its aggregate, `sender` the member that caused it.
    """

    brokerage_event: str | None = None
    meeting: str | None = None
    members: tuple[str, ...] = ()
    sender: str | None = None
    sequence: int = 0


@dataclass(frozen=True)
class Origin:
    """The event that a message follows from."""

    id: str
    correlation: str
    time: datetime
    about: About = About()


@dataclass(frozen=True)
class Mail:
    """How far a mail is. `due` only while it is queued or being sent; `reason` of the last failure; `digest` it was sent in."""

    status: MailStatus
    due: datetime | None
    attempts: int
    reason: str | None
    settled: datetime | None
    digest: str | None = None


@dataclass(frozen=True)
class Message:
    """A message to one member. `facts` are those of its template, as they are stored: rendering parses them."""

    id: str
    order: str
    recipient: str
    template: str
    facts: Any
    cause: str
    correlation: str
    created: datetime
    read: bool
    mail: Mail
    about: About = About()


def new_message(notice: Notice, origin: Origin, now: datetime, historical_after: float) -> Message:
    """Make a message. Its id is computed from event and recipient; older than `historical_after` seconds it is not mailed."""
    id = computed_id("message", origin.id, notice.recipient)
    is_historical = now - origin.time > timedelta(seconds=historical_after)
    due = None if is_historical else min(origin.time, now)
    return Message(
        id=id,
        order=f"{to_text(origin.time)}|{id}",
        recipient=notice.recipient,
        template=notice.template,
        facts=to_document(notice.facts),
        cause=origin.id,
        correlation=origin.correlation,
        created=origin.time,
        read=False,
        mail=Mail("historical" if is_historical else "queued", due, attempts=0, reason=None, settled=None),
        about=origin.about,
    )


def parse_message(document: Document) -> Message:
    """Parse an entry of the ledger."""
    return parse_entry(Message, document)


async def enter(mongo: Mongo, messages: Sequence[Message], session: Session) -> None:
    """Enter those messages that are not in the ledger yet."""
    ids = [message.id for message in messages]
    entered = {entry["_id"] async for entry in mongo[MESSAGES].find({"_id": {"$in": ids}}, {"_id": 1}, session=session)}
    if fresh := [to_entry(message) for message in messages if message.id not in entered]:
        await mongo[MESSAGES].insert_many(fresh, session=session)


async def read_message(mongo: Mongo, id: str) -> Message:
    """Read a message. Raises NotFound."""
    document = await mongo[MESSAGES].find_one({"_id": id})
    if document is None:
        raise NotFound("message-unknown")
    return parse_message(document)


async def mark_read(mongo: Mongo, id: str) -> None:
    """Record that the recipient has read a message."""
    await mongo[MESSAGES].update_one({"_id": id}, {"$set": {"read": True}})
