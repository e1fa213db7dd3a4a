"""The service whole: events in from Kafka, mails out by SMTP, messages over HTTP."""

from datetime import UTC, datetime

import pytest

from services.notifications.mail import mail_queue
from services.notifications.main import SERVICE
from services.notifications.messages.ledger import MESSAGES
from shared.chassis.config import Settings
from shared.chassis.mongo import PyMongoError
from shared.chassis.outbox.outbox import OUTBOX
from shared.contracts import topics
from shared.contracts.events import (
    MeetingDeclined,
    MeetingRequested,
)
from shared.contracts.registry import MemberApproved
from tests.lib.publish_event import feed
from tests.lib.services import eventually, serving
from tests.lib.smtp_server import Post, post_office
from tests.notifications.conftest import counted, member
from tests.notifications.factories import ANNOUNCED


async def test_what_the_mail_server_answers_decides(mailing: Settings, post: Post) -> None:
    post.answers["busy@post.example"] = ["451 4.3.0 try again"]
    post.answers["gone@post.example"] = ["550 5.1.1 <gone@post.example> is unknown"]
    async with serving(SERVICE, mailing) as (runtime, _):
        for id in ("asker", "busy", "gone"):
            await member(mailing, id)
        await feed(mailing, topics.BROKERAGE, "e", 1, ANNOUNCED)
        await feed(mailing, topics.MEETINGS, "m1", 1, MeetingRequested(event_id="e", mode="b2b", by="asker", towards="busy"))
        await feed(mailing, topics.MEETINGS, "m2", 1, MeetingRequested(event_id="e", mode="b2b", by="asker", towards="gone"))
        await feed(
            mailing, topics.MEETINGS, "m1", 2, MeetingDeclined(event_id="e", by="busy", towards="asker", reason="in viaggio")
        )
        await eventually(counted(runtime.mongo, messages=3, sent=2, failed=1))
        assert len(post.to("busy@post.example")) == len(post.to("asker@post.example")) == 1
        assert post.to("gone@post.example") == []
        [failed] = await runtime.mongo[OUTBOX].find({"headers.ce_type": {"$regex": "message-failed"}}).to_list(None)
        assert '"reason":"the mail server answered 550 5.1.1"' in failed["value"]
        attempts = {message["recipient"]: message["mail"]["attempts"] async for message in runtime.mongo[MESSAGES].find()}
        assert attempts == {"busy": 2, "gone": 1, "asker": 1}


async def test_a_crash_between_the_servers_answer_and_the_mark_repeats_the_same_mail(
    mailing: Settings, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashes: list[int] = []

    async def crash(*_: object) -> None:
        crashes.append(len(post.mails))
        raise PyMongoError("gone in the middle")

    async with serving(SERVICE, mailing) as (runtime, _):
        messages = runtime.mongo[MESSAGES]
        with monkeypatch.context() as broken:
            broken.setattr(mail_queue, "settle", crash)
            await member(mailing, "a")
            await feed(mailing, topics.MEMBERS, "a", 2, MemberApproved())

            async def crashed() -> list[int]:
                return crashes

            assert await eventually(crashed) == [1]
        [message] = await messages.find().to_list(None)
        assert message["mail"]["status"] == "sending"
        assert message["mail"]["due"] > datetime.now(UTC)
        await messages.update_one({"_id": message["_id"]}, {"$set": {"mail.due": datetime.now(UTC)}})
        await eventually(counted(runtime.mongo, messages=1, sent=1))
        first, second = post.mails
        assert first["Message-ID"] == second["Message-ID"] == f"<{message['_id']}@distretti.example>"
        assert await runtime.mongo[OUTBOX].count_documents({"topic": "notifications.deliveries"}) == 1


async def test_a_server_that_comes_back_gets_everything(mailing: Settings, post: Post) -> None:
    async with post_office() as closed:
        nowhere = closed.port
    async with serving(SERVICE, mailing.model_copy(update={"smtp_port": nowhere})) as (runtime, _):
        for id in "ab":
            await member(mailing, id)
            await feed(mailing, topics.MEMBERS, id, 2, MemberApproved())

        async def tried() -> bool:
            return await runtime.mongo[MESSAGES].count_documents({"mail.reason": {"$regex": "cannot be reached"}}) > 0

        await eventually(tried)
        await eventually(counted(runtime.mongo, messages=2, queued=2))
    async with serving(SERVICE, mailing) as (runtime, _):
        await eventually(counted(runtime.mongo, messages=2, sent=2))
    assert len(post.mails) == 2
