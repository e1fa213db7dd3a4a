"""Messages: one for each event and recipient, on a real MongoDB."""

from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.messages.ledger import MESSAGES, Message, Origin, enter, mark_read, new_message, read_message
from services.notifications.notices.context import Notice
from services.notifications.notices.facts import MessageFacts
from shared.chassis.config import Settings
from shared.chassis.errors import NotFound
from shared.chassis.mongo import Mongo, Session

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DAY = 86_400


def message(recipient: str, age: timedelta = timedelta(0), cause: str = "e1") -> Message:
    """The message of an event that is so old."""
    return new_message(Notice("welcome", recipient, MessageFacts("A")), Origin(cause, "c", NOW - age), NOW, DAY)


def test_a_message_is_known_by_its_event_and_recipient() -> None:
    assert message("a") == message("a")
    assert len({message(recipient, cause=cause).id for recipient in "ab" for cause in ("e1", "e2")}) == 4


def test_a_message_older_than_the_limit_is_historical() -> None:
    assert message("a", timedelta(seconds=DAY)).mail.status == "queued"
    old = message("a", timedelta(seconds=DAY + 1)).mail
    assert (old.status, old.due) == ("historical", None)


async def test_a_message_is_entered_once_and_read_as_it_was_entered(settings: Settings) -> None:
    mongo = Mongo(settings.mongo_url, settings.named("notifications"), 10)
    await mongo.database.create_collection(MESSAGES)
    for messages in ([message("a")], [message("a"), message("b")]):

        async def body(session: Session, messages: list[Message] = messages) -> None:
            await enter(mongo, messages, session)

        await mongo.transact(body)
    assert await mongo[MESSAGES].count_documents({}) == 2
    assert await read_message(mongo, message("b").id) == message("b")
    await mark_read(mongo, message("a").id)
    assert (await read_message(mongo, message("a").id)).read
    with pytest.raises(NotFound):
        await read_message(mongo, "nothing")
    mongo.close()
