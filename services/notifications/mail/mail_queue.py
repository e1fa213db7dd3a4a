"""The queue of mails: claims, retries, mails that wait for a contact, and what is still to be sent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.notifications.mail.outdated import is_outdated
from services.notifications.mail.pauses import PAUSED
from services.notifications.mail.situations import situations_of
from services.notifications.messages.ledger import MESSAGES, MailStatus, Message, parse_message
from services.notifications.projections import CONTACTS
from services.notifications.read_models import Contact
from shared.chassis.mongo import ASCENDING, DeleteOne, Document, Mongo, Session
from shared.chassis.projections.projection import DIRTY
from shared.contracts.base import to_milliseconds


@dataclass(frozen=True)
class MailCounts:
    """Messages, and mails by status. `queued` are all that are still to be sent."""

    messages: int
    queued: int
    waiting_for_contact: int
    sent: int
    failed: int
    historical: int


async def due_mails(mongo: Mongo, now: datetime, limit: int) -> list[Message]:
    """The mails that may be sent now, the oldest first: queued ones, and those whose claim has ended."""
    query = {"mail.status": {"$in": ["queued", "sending"]}, "mail.due": {"$lte": now}}
    documents = mongo[MESSAGES].find(query).sort("mail.due", ASCENDING).limit(limit)
    return [parse_message(document) async for document in documents]


def being_sent(now: datetime) -> Document:
    """Match mails under a claim: not queued ones, nor those whose sender is gone."""
    return {"mail.status": "sending", "mail.due": {"$gt": now}}


async def claim(mongo: Mongo, message: Message, until: datetime, digest: str | None = None) -> datetime | None:
    """Claim a mail for sending, alone or in a digest; return when the claim ends, None where another process was quicker."""
    until = to_milliseconds(until)
    as_read = {"_id": message.id, "mail.status": message.mail.status, "mail.due": message.mail.due}
    change = {"$set": {"mail.status": "sending", "mail.due": until, "mail.digest": digest}, "$inc": {"mail.attempts": 1}}
    result = await mongo[MESSAGES].update_one(as_read, change)
    return until if result.matched_count else None


async def postpone(mongo: Mongo, id: str, claimed_until: datetime, due: datetime, reason: str) -> None:
    """Return a claimed mail to the queue, to be claimed at `due`."""
    await mongo[MESSAGES].update_one(_claimed(id, claimed_until), {"$set": _queued(due, reason)})


async def release(mongo: Mongo, id: str, claimed_until: datetime, due: datetime, reason: str) -> None:
    """Return a claimed mail to the queue without counting the attempt: no server was there to take it."""
    change = {"$set": _queued(due, reason), "$inc": {"mail.attempts": -1}}
    await mongo[MESSAGES].update_one(_claimed(id, claimed_until), change)


def _claimed(id: str, until: datetime) -> Document:
    return {"_id": id, "mail.status": "sending", "mail.due": until}


def _queued(due: datetime, reason: str) -> Document:
    return {"mail.status": "queued", "mail.due": due, "mail.reason": reason}


async def settle(mongo: Mongo, session: Session, id: str, status: MailStatus, reason: str | None, now: datetime) -> None:
    """Record the outcome of a mail, in the transaction that publishes it."""
    outcome = {"mail.status": status, "mail.reason": reason, "mail.settled": now, "mail.due": None}
    await mongo[MESSAGES].update_one({"_id": id}, {"$set": outcome}, session=session)


async def contacts_of(mongo: Mongo, recipients: Iterable[str]) -> Mapping[str, Contact]:
    """Read contacts by member; members without a contact are absent."""
    ids = sorted(set(recipients))
    if not ids:
        return {}
    documents = mongo[CONTACTS.collection].find({"_id": {"$in": ids}})
    return {document["_id"]: CONTACTS.read(document) async for document in documents}


async def wait_for_contact(mongo: Mongo, messages: Sequence[Message]) -> None:
    """Hold mails until their recipients have contacts."""
    ids = [message.id for message in messages]
    waiting = {"$set": {"mail.status": "waiting", "mail.due": None}}
    await mongo[MESSAGES].update_many({"_id": {"$in": ids}, "mail.status": "queued"}, waiting)
    # A contact recorded in between may have found nothing waiting.
    if contacts := await contacts_of(mongo, (message.recipient for message in messages)):
        await _requeue(mongo, list(contacts))


async def queue_contacted(mongo: Mongo, now: datetime) -> None:
    """Queue the mails that waited for contacts recorded since: the projection of contacts marks them dirty.

    What is over by now is history.
    """
    marks = await mongo[DIRTY].find().limit(500).to_list(None)
    if marks:
        recipients = [mark["_id"] for mark in marks]
        waiting = mongo[MESSAGES].find({"recipient": {"$in": recipients}, "mail.status": "waiting"})
        await settle_history(mongo, [parse_message(document) async for document in waiting], now)
        await _requeue(mongo, recipients)
        await mongo[DIRTY].bulk_write([DeleteOne({"_id": mark["_id"], "by": mark["by"]}) for mark in marks], ordered=False)


async def hold(mongo: Mongo, message: Message, until: datetime) -> None:
    """Let a queued mail wait for the end of a pause."""
    as_read = {"_id": message.id, "mail.status": "queued", "mail.due": message.mail.due}
    await mongo[MESSAGES].update_one(as_read, {"$set": _queued(to_milliseconds(until), PAUSED)})


async def settle_history(mongo: Mongo, messages: Sequence[Message], now: datetime) -> set[str]:
    """Enter as history those messages that are over, which are not mailed; return their ids."""
    situations = await situations_of(mongo, messages, now)
    outdated = {message.id for message in messages if is_outdated(message, situations[message.id])}
    history = {"$set": {"mail.status": "historical", "mail.due": None}}
    await mongo[MESSAGES].update_many({"_id": {"$in": sorted(outdated)}, "mail.status": {"$in": ["queued", "waiting"]}}, history)
    return outdated


async def _requeue(mongo: Mongo, recipients: list[str]) -> None:
    queued = [{"$set": {"mail.status": "queued", "mail.due": "$created"}}]
    await mongo[MESSAGES].update_many({"recipient": {"$in": recipients}, "mail.status": "waiting"}, queued)


async def count_mails(mongo: Mongo, open_broadcasts: int) -> MailCounts:
    """Count messages, and mails by status.

    A mail whose contact was recorded just now counts as queued, though the mailer has yet to queue it; a broadcast that is
    not entered completely counts as one.
    """
    marked = await mongo[DIRTY].distinct("_id")
    query = {"recipient": {"$in": marked}, "mail.status": "waiting"}
    contacted = await mongo[MESSAGES].count_documents(query) if marked else 0
    groups = mongo[MESSAGES].aggregate([{"$group": {"_id": "$mail.status", "count": {"$sum": 1}}}])
    counts = {group["_id"]: group["count"] async for group in groups}
    return MailCounts(
        messages=sum(counts.values()),
        queued=counts.get("queued", 0) + counts.get("sending", 0) + contacted + open_broadcasts,
        waiting_for_contact=max(0, counts.get("waiting", 0) - contacted),
        sent=counts.get("sent", 0),
        failed=counts.get("failed", 0),
        historical=counts.get("historical", 0),
    )
