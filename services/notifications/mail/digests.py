"""What goes in one mail: a message, or a digest of what one member's pause has held back from another."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from services.notifications.mail.mail_queue import hold
from services.notifications.mail.pauses import PAUSED, SentMail, next_mail
from services.notifications.messages.ledger import MESSAGES, Message, parse_message
from shared.chassis.ids import computed_id
from shared.chassis.mongo import ASCENDING, Document, Mongo

Pair: TypeAlias = tuple[str, str]
"""Sender and recipient."""


@dataclass(frozen=True)
class Digest:
    """The messages of one mail, most often one, the oldest first. `id` makes its Message-ID."""

    id: str
    messages: Sequence[Message]

    @property
    def recipient(self) -> str:
        """To whom it goes."""
        return self.messages[0].recipient


def new_digest(messages: Sequence[Message]) -> Digest:
    """Put messages into one mail. Its id is computed from theirs: with others in it, it is another mail."""
    ids = [message.id for message in messages]
    return Digest(ids[0] if len(ids) == 1 else computed_id("digest", *ids), messages)


async def with_companions(mongo: Mongo, due: Sequence[Message], limit: int) -> list[Message]:
    """Add what goes along with mails that are due: what was paused of the same sender, and the rest of a digest under way."""
    digests = [message.mail.digest for message in due if message.mail.status == "sending" and message.mail.digest]
    companions = [{**pair, "mail.status": "queued", "mail.reason": PAUSED} for pair in _of_pairs(_pairs(due))]
    companions += [{"mail.status": "sending", "mail.digest": digest} for digest in digests]
    if not companions:
        return list(due)
    query = {"$or": companions, "_id": {"$nin": [message.id for message in due]}}
    documents = mongo[MESSAGES].find(query).sort("order", ASCENDING).limit(limit)
    return [*due, *[parse_message(document) async for document in documents]]


async def make_digests(mongo: Mongo, messages: Sequence[Message], now: datetime, pause: timedelta) -> list[Digest]:
    """Put messages into mails, one for each sender and recipient; what its recipient has had enough of waits."""
    queued = [message for message in messages if message.mail.status == "queued"]
    recent = await _recent(mongo, _pairs(queued), now - pause)
    digests = _interrupted(message for message in messages if message.mail.status == "sending")
    digests += [new_digest([message]) for message in queued if message.about.sender is None]
    for pair, of_pair in _by_pair(queued).items():
        going, until = next_mail(of_pair, recent.get(pair, ()), now, pause)
        if going:
            digests.append(new_digest(going))
        for message in of_pair:
            if message.id in until:
                await hold(mongo, message, until[message.id])
    return digests


def _interrupted(messages: Iterable[Message]) -> list[Digest]:
    """Mails whose sender is gone: each goes once more as it was, under its id."""
    by_id: dict[str, list[Message]] = defaultdict(list)
    for message in sorted(messages, key=lambda message: message.order):
        by_id[message.mail.digest or message.id].append(message)
    return [Digest(id, of_mail) for id, of_mail in by_id.items()]


def _by_pair(messages: Iterable[Message]) -> Mapping[Pair, list[Message]]:
    by_pair: dict[Pair, list[Message]] = defaultdict(list)
    for message in sorted(messages, key=lambda message: message.order):
        if message.about.sender is not None:
            by_pair[message.about.sender, message.recipient].append(message)
    return by_pair


def _pairs(messages: Iterable[Message]) -> Sequence[Pair]:
    return sorted(_by_pair(messages))


def _of_pairs(pairs: Sequence[Pair]) -> list[Document]:
    return [{"about.sender": sender, "recipient": recipient} for sender, recipient in pairs]


async def _recent(mongo: Mongo, pairs: Sequence[Pair], since: datetime) -> Mapping[Pair, list[SentMail]]:
    """Read what was sent since, by sender and recipient."""
    recent: dict[Pair, list[SentMail]] = defaultdict(list)
    if pairs:
        sent = {"$or": _of_pairs(pairs), "mail.status": "sent", "mail.settled": {"$gt": since}}
        async for document in mongo[MESSAGES].find(sent):
            about = document["about"]
            mail = SentMail(document["template"], about["meeting"], document["mail"]["settled"])
            recent[about["sender"], document["recipient"]].append(mail)
    return recent
