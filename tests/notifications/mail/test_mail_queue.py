"""The queue of mails on a real MongoDB: claims, waiting for contacts, counting."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.mail import mail_queue
from services.notifications.messages.ledger import MESSAGES, Message, Origin, new_message, read_message
from services.notifications.notices.context import Notice
from services.notifications.notices.facts import MessageFacts
from services.notifications.projections import CONTACTS
from shared.chassis.config import Settings
from shared.chassis.documents import to_entry
from shared.chassis.mongo import Mongo
from shared.chassis.projections.projection import DIRTY
from tests.notifications.factories import contact

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
async def mongo(settings: Settings) -> AsyncIterator[Mongo]:
    opened = Mongo(settings.mongo_url, settings.named("notifications"), 10)
    yield opened
    opened.close()


async def enter(mongo: Mongo, *recipients: str) -> None:
    """Enter a message to each, the last one the oldest."""
    for minutes, recipient in enumerate(recipients, 1):
        origin = Origin("e1", "c", NOW - timedelta(minutes=minutes))
        await mongo[MESSAGES].insert_one(
            to_entry(new_message(Notice("welcome", recipient, MessageFacts("A")), origin, NOW, 86_400))
        )


async def due(mongo: Mongo, moment: datetime = NOW) -> list[Message]:
    return await mail_queue.due_mails(mongo, moment, 10)


async def test_of_two_that_claim_a_mail_one_gets_it(mongo: Mongo) -> None:
    await enter(mongo, "a", "b")
    oldest, second = await due(mongo)
    assert (oldest.recipient, second.recipient) == ("b", "a")
    until = NOW + timedelta(seconds=20)
    assert [await mail_queue.claim(mongo, oldest, until) for _ in range(2)] == [until, None]
    assert [message.recipient for message in await due(mongo)] == ["a"]
    [expired] = [message for message in await due(mongo, until) if message.recipient == "b"]
    later = until + timedelta(seconds=20)
    assert await mail_queue.claim(mongo, expired, later) == later
    await mail_queue.postpone(mongo, oldest.id, until, NOW, "the first came back late")
    assert (await read_message(mongo, oldest.id)).mail.status == "sending"


async def test_a_released_mail_keeps_its_attempts_and_a_postponed_one_does_not(mongo: Mongo) -> None:
    await enter(mongo, "a", "b")
    until = NOW + timedelta(seconds=20)
    released, postponed = await due(mongo)
    for message in (released, postponed):
        assert await mail_queue.claim(mongo, message, until)
    await mail_queue.release(mongo, released.id, until, NOW, "no server")
    await mail_queue.postpone(mongo, postponed.id, until, NOW, "busy")
    mails = [(await read_message(mongo, message.id)).mail for message in (released, postponed)]
    assert [(mail.status, mail.attempts, mail.reason) for mail in mails] == [("queued", 0, "no server"), ("queued", 1, "busy")]


async def test_a_contact_that_comes_between_is_not_missed(mongo: Mongo) -> None:
    await enter(mongo, "a", "b")
    mails = await due(mongo)
    assert await mail_queue.contacts_of(mongo, ["a", "b"]) == {}
    await mongo[CONTACTS.collection].insert_one({"_id": "a", **contact("a").model_dump()})
    await mail_queue.wait_for_contact(mongo, mails)
    counts = await mail_queue.count_mails(mongo, 0)
    assert (counts.queued, counts.waiting_for_contact, counts.messages) == (1, 1, 2)
    assert [message.recipient for message in await due(mongo)] == ["a"]


async def test_what_a_recorded_contact_releases_counts_as_queued_at_once(mongo: Mongo) -> None:
    await enter(mongo, "a", "b")
    await mail_queue.wait_for_contact(mongo, await due(mongo))
    await mongo[DIRTY].insert_one({"_id": "a", "by": "contact-1"})
    before = await mail_queue.count_mails(mongo, 0)
    assert (before.queued, before.waiting_for_contact) == (1, 1)
    await mail_queue.queue_contacted(mongo, NOW)
    assert await mail_queue.count_mails(mongo, 0) == before
    assert await mongo[DIRTY].count_documents({}) == 0
    assert [message.recipient for message in await due(mongo)] == ["a"]
