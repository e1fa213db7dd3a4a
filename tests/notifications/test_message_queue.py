"""The queue of mails on a real MongoDB: claims, waiting for contacts, counting."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from services.notifications import message_queue
from services.notifications.message_queue import MESSAGES
from services.notifications.notices.catalogue import Notice
from services.notifications.projections import CONTACTS
from shared.chassis.config import Settings
from shared.chassis.mongo import Document, Mongo
from shared.chassis.projections.projection import DIRTY
from shared.contracts.envelope import Envelope
from tests.notifications.factories import contact

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DAY = 86_400


@pytest.fixture
async def mongo(settings: Settings) -> AsyncIterator[Mongo]:
    opened = Mongo(settings.mongo_url, settings.named("notifications"), 10)
    yield opened
    opened.close()


def entered(recipient: str, age: timedelta = timedelta(0), cause: str = "e1") -> Document:
    """The entry of an event that is so old."""
    envelope = Envelope(cause, "t", "s", "s", NOW - age, 1, "c", b"{}")
    return message_queue.entry(Notice("welcome", recipient, {"name": "A"}), envelope, NOW, DAY)


def test_a_message_is_known_by_its_event_and_recipient() -> None:
    assert entered("a") == entered("a")
    assert len({entered(recipient, cause=cause)["_id"] for recipient in "ab" for cause in ("e1", "e2")}) == 4


def test_what_is_older_than_the_limit_is_history() -> None:
    assert entered("a", timedelta(seconds=DAY))["mail"]["status"] == "queued"
    old = entered("a", timedelta(seconds=DAY + 1))["mail"]
    assert old["status"] == "historical"
    assert "due" not in old


async def test_two_that_claim_one_mail_get_it_once(mongo: Mongo) -> None:
    await mongo[MESSAGES].insert_many([entered("a", timedelta(minutes=1)), entered("b", timedelta(minutes=2))])
    oldest, second = await message_queue.due(mongo, NOW, 10)
    assert (oldest["recipient"], second["recipient"]) == ("b", "a")
    until = NOW + timedelta(seconds=20)
    assert [await message_queue.claim(mongo, oldest, until) for _ in range(2)] == [until, None]
    assert [found["recipient"] for found in await message_queue.due(mongo, NOW, 10)] == ["a"]
    [again] = [found for found in await message_queue.due(mongo, until, 10) if found["recipient"] == "b"]
    later = until + timedelta(seconds=20)
    assert await message_queue.claim(mongo, again, later) == later
    await message_queue.postpone(mongo, oldest["_id"], until, NOW, "the first came back late")
    assert (await mongo[MESSAGES].find_one({"_id": oldest["_id"]}))["mail"]["status"] == "sending"  # type: ignore[index]


async def test_a_contact_that_comes_between_is_not_missed(mongo: Mongo) -> None:
    await mongo[MESSAGES].insert_many([entered("a"), entered("b")])
    due = await message_queue.due(mongo, NOW, 10)
    assert await message_queue.contacts_of(mongo, ["a", "b"]) == {}
    await mongo[CONTACTS.collection].insert_one({"_id": "a", **contact("a").model_dump()})
    await message_queue.wait_for_contact(mongo, due)
    counts = await message_queue.count(mongo)
    assert (counts["queued"], counts["waiting_for_contact"], counts["messages"]) == (1, 1, 2)
    assert [found["recipient"] for found in await message_queue.due(mongo, NOW, 10)] == ["a"]


async def test_what_a_recorded_contact_releases_counts_as_queued_at_once(mongo: Mongo) -> None:
    await mongo[MESSAGES].insert_many([entered("a"), entered("b")])
    await message_queue.wait_for_contact(mongo, await message_queue.due(mongo, NOW, 10))
    await mongo[DIRTY].insert_one({"_id": "a", "by": "contact-1"})
    before = await message_queue.count(mongo)
    assert (before["queued"], before["waiting_for_contact"]) == (1, 1)
    await message_queue.take_up_contacted(mongo)
    assert await message_queue.count(mongo) == before
    assert await mongo[DIRTY].count_documents({}) == 0
    assert [found["recipient"] for found in await message_queue.due(mongo, NOW, 10)] == ["a"]
