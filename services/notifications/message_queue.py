"""The ledger of messages: one an event and recipient, and how far its mail has come. Never rebuilt.

A mail is `queued`, `waiting` (for a contact), `sending`, `sent`, `failed` or `historical`. `mail.due` says when a queued
one may be taken, and when the claim of one that is being sent ends.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.notifications.notices.context import Notice
from services.notifications.projections import CONTACTS
from shared.chassis.ids import computed_id
from shared.chassis.mongo import ASCENDING, DeleteOne, Document, Mongo, Session
from shared.chassis.projections.projection import DIRTY
from shared.contracts.base import to_milliseconds, to_text

MESSAGES = "messages"
BROADCASTS = "broadcasts"
OPEN = {"mail.status": {"$in": ["queued", "sending"]}}


@dataclass(frozen=True)
class Origin:
    """The event a message comes of."""

    id: str
    correlation: str
    time: datetime


def entry(notice: Notice, cause: Origin, now: datetime, historical_after: float) -> Document:
    """Make a message's document. Its id is computed from event and recipient; `historical_after` is in seconds."""
    id = computed_id("message", cause.id, notice.recipient)
    historical = now - cause.time > timedelta(seconds=historical_after)
    mail = {"status": "historical"} if historical else {"status": "queued", "due": min(cause.time, now)}
    return {
        "_id": id,
        "order": f"{to_text(cause.time)}|{id}",
        "recipient": notice.recipient,
        "template": notice.template,
        "facts": notice.facts,
        "cause": cause.id,
        "correlation": cause.correlation,
        "created": cause.time,
        "read": False,
        "mail": {**mail, "attempts": 0, "reason": None, "settled": None},
    }


async def enter(mongo: Mongo, messages: Sequence[Document], session: Session) -> None:
    """Enter those messages that are not there yet."""
    ids = [message["_id"] for message in messages]
    known = {found["_id"] async for found in mongo[MESSAGES].find({"_id": {"$in": ids}}, {"_id": 1}, session=session)}
    if fresh := [message for message in messages if message["_id"] not in known]:
        await mongo[MESSAGES].insert_many(fresh, session=session)


async def due(mongo: Mongo, now: datetime, limit: int) -> list[Document]:
    """Find the mails that may be sent now, the oldest first: queued ones, and those whose claim ended with its holder."""
    query = {**OPEN, "mail.due": {"$lte": now}}
    return await mongo[MESSAGES].find(query).sort("mail.due", ASCENDING).limit(limit).to_list(None)


def to_do(now: datetime) -> Mapping[str, Document]:
    """Say what goes on while the mailer rests: mails being sent, broadcasts. Not what is queued, or has lost its sender."""
    return {MESSAGES: {"mail.status": "sending", "mail.due": {"$gt": now}}, BROADCASTS: {"done": False}}


async def claim(mongo: Mongo, message: Document, until: datetime) -> datetime | None:
    """Take a mail for sending; return when the claim ends, None where another was quicker."""
    until = to_milliseconds(until)
    read = {"_id": message["_id"], "mail.status": message["mail"]["status"], "mail.due": message["mail"]["due"]}
    change = {"$set": {"mail.status": "sending", "mail.due": until}, "$inc": {"mail.attempts": 1}}
    result = await mongo[MESSAGES].update_one(read, change)
    return until if result.matched_count else None


async def postpone(mongo: Mongo, id: str, claimed_until: datetime, due: datetime, reason: str) -> None:
    """Give a claimed mail back to the queue, to be taken again at `due`."""
    mine = {"_id": id, "mail.status": "sending", "mail.due": claimed_until}
    await mongo[MESSAGES].update_one(mine, {"$set": {"mail.status": "queued", "mail.due": due, "mail.reason": reason}})


async def take_back(mongo: Mongo, id: str, claimed_until: datetime, due: datetime, reason: str) -> None:
    """Give a claimed mail back to the queue as one that was not tried: nobody was there to take it."""
    mine = {"_id": id, "mail.status": "sending", "mail.due": claimed_until}
    back = {"mail.status": "queued", "mail.due": due, "mail.reason": reason}
    await mongo[MESSAGES].update_one(mine, {"$set": back, "$inc": {"mail.attempts": -1}})


async def settle(mongo: Mongo, session: Session, id: str, status: str, reason: str | None, now: datetime) -> None:
    """Mark what became of a mail, in the transaction that tells it."""
    change = {"$set": {"mail.status": status, "mail.reason": reason, "mail.settled": now}, "$unset": {"mail.due": ""}}
    await mongo[MESSAGES].update_one({"_id": id}, change, session=session)


async def contacts_of(mongo: Mongo, recipients: Iterable[str]) -> Mapping[str, Document]:
    """Read whom to write to, by member; those without a contact are absent."""
    if not (wanted := sorted(set(recipients))):
        return {}
    found = mongo[CONTACTS.collection].find({"_id": {"$in": wanted}})
    return {contact["_id"]: contact async for contact in found}


async def wait_for_contact(mongo: Mongo, messages: Sequence[Document]) -> None:
    """Lay mails aside until their recipients have contacts."""
    ids = [message["_id"] for message in messages]
    aside = {"$set": {"mail.status": "waiting"}, "$unset": {"mail.due": ""}}
    await mongo[MESSAGES].update_many({"_id": {"$in": ids}, "mail.status": "queued"}, aside)
    # A contact recorded since it was looked for may have found nothing waiting: look again.
    if known := await contacts_of(mongo, (message["recipient"] for message in messages)):
        await _requeue(mongo, list(known))


async def take_up_contacted(mongo: Mongo) -> None:
    """Queue what waited for contacts that were recorded since: the projection of contacts has marked them."""
    marks = await mongo[DIRTY].find().limit(500).to_list(None)
    if marks:
        await _requeue(mongo, [mark["_id"] for mark in marks])
        await mongo[DIRTY].bulk_write([DeleteOne({"_id": mark["_id"], "by": mark["by"]}) for mark in marks], ordered=False)


async def _requeue(mongo: Mongo, recipients: list[str]) -> None:
    queued = [{"$set": {"mail.status": "queued", "mail.due": "$created"}}]
    await mongo[MESSAGES].update_many({"recipient": {"$in": recipients}, "mail.status": "waiting"}, queued)


async def mark_read(mongo: Mongo, id: str) -> None:
    """Note that a message was read."""
    await mongo[MESSAGES].update_one({"_id": id}, {"$set": {"read": True}})


async def count(mongo: Mongo) -> dict[str, int]:
    """Count messages, and mails by what became of them; `queued` are all that are still to go out.

    What waits for a contact that was recorded just now is queued already, though the mailer has yet to take it up; a
    broadcast that is not entered whole counts as one.
    """
    broadcasts = await mongo[BROADCASTS].count_documents({"done": False})
    marked = await mongo[DIRTY].distinct("_id")
    about_to = await mongo[MESSAGES].count_documents({"recipient": {"$in": marked}, "mail.status": "waiting"}) if marked else 0
    groups = mongo[MESSAGES].aggregate([{"$group": {"_id": "$mail.status", "count": {"$sum": 1}}}])
    counts = {group["_id"]: group["count"] async for group in groups}
    return {
        "messages": sum(counts.values()),
        "queued": counts.get("queued", 0) + counts.get("sending", 0) + about_to + broadcasts,
        "waiting_for_contact": max(0, counts.get("waiting", 0) - about_to),
        "sent": counts.get("sent", 0),
        "failed": counts.get("failed", 0),
        "historical": counts.get("historical", 0),
    }
