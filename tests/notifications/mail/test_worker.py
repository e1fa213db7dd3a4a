"""The mailer on a real MongoDB and a real SMTP server, without the service around it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from services.notifications.broadcasts.ledger import BROADCASTS
from services.notifications.mail.aggregate import DELIVERY
from services.notifications.mail.pauses import PAUSED
from services.notifications.mail.rules import MAX_ATTEMPTS
from services.notifications.mail.worker import CONNECTIONS, Mailer
from services.notifications.main import SERVICE, pending_work
from services.notifications.messages.api import message_answer
from services.notifications.messages.ledger import MESSAGES, About, Origin, new_message, parse_message
from services.notifications.notices.context import Notice
from services.notifications.notices.facts import AboutEvent, EventDetails, MessageFacts
from services.notifications.projections import CONTACTS, MEMBERS
from shared.chassis.config import Settings
from shared.chassis.documents import to_entry
from shared.chassis.http.read_only_mode import READ_ONLY_LEASE, ReadOnly
from shared.chassis.mongo import ensure_indexes
from shared.chassis.outbox.outbox import OUTBOX
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.workers.lease import LEASES, Lease
from shared.chassis.writes.claims import CLAIMS
from shared.contracts.base import LocalizedText
from tests.lib.services import eventually
from tests.lib.smtp_server import Post, post_office
from tests.notifications.factories import contact

LAST_SLOT = datetime(9999, 12, 31, 20, tzinfo=UTC)
# Its local time is in the year 10000, which no calendar writes.
UNWRITABLE = AboutEvent("A", EventDetails(LocalizedText(it="T", en="T"), "V", "Asia/Tokyo", LAST_SLOT, LAST_SLOT))


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    async with post_office() as running:
        yield running


@pytest.fixture
async def runtime(settings: Settings, post: Post) -> AsyncIterator[Runtime]:
    runtime = Runtime(SERVICE, settings.model_copy(update={"smtp_port": post.port, "smtp_timeout": 3}))
    await ensure_indexes(runtime.mongo, {name: [] for name in (MESSAGES, BROADCASTS, OUTBOX, CLAIMS, LEASES, DELIVERY.collection)})
    yield runtime
    runtime.mongo.close()


async def enter(runtime: Runtime, *recipients: str, template: str = "welcome", facts: MessageFacts = MessageFacts("A")) -> None:
    """Queue a mail to each, and record whom to write to."""
    now = datetime.now(UTC)
    for recipient in recipients:
        origin = Origin(f"e-{recipient}", "c", now - timedelta(seconds=1))
        message = new_message(Notice(template, recipient, facts), origin, now, 86_400)
        await runtime.mongo[MESSAGES].insert_one(to_entry(message))
        await runtime.mongo[CONTACTS.collection].insert_one({"_id": recipient, **contact(recipient).model_dump()})


async def mails(runtime: Runtime) -> dict[str, Any]:
    return {document["recipient"]: document["mail"] async for document in runtime.mongo[MESSAGES].find()}


async def test_under_a_silent_server_no_more_is_claimed_than_can_go_and_no_attempt_is_counted(runtime: Runtime, post: Post) -> None:
    waiting = [f"m{number:02}" for number in range(2 * CONNECTIONS)]
    await enter(runtime, *waiting)
    sender = Mailer(runtime)
    sender._lease = Lease(runtime.mongo, "mailer", runtime.clock, seconds=2)
    post.silent.set()
    assert await sender._lease.acquire()
    begun = runtime.clock()
    under_way = asyncio.create_task(sender.round())

    async def all_wait() -> bool:
        return post.unanswered == CONNECTIONS

    await eventually(all_wait)
    assert await runtime.mongo[MESSAGES].count_documents({"mail.status": "sending"}) == CONNECTIONS
    await under_way
    lease = await runtime.mongo[LEASES].find_one({"_id": "mailer"})
    assert lease
    assert lease["until"] > begun + timedelta(seconds=3)
    held = await mails(runtime)
    assert {mail["status"] for mail in held.values()} == {"queued"}
    assert {mail["attempts"] for mail in held.values()} == {0}
    assert len([mail for mail in held.values() if mail["reason"]]) == CONNECTIONS

    post.silent.clear()
    await runtime.mongo[MESSAGES].update_many({}, {"$set": {"mail.due": runtime.clock()}})
    assert await sender.round() == len(waiting)
    assert sorted(mail["To"].addresses[0].addr_spec for mail in post.mails) == [f"{id}@post.example" for id in waiting]
    await sender._server.close()


async def test_a_mail_that_cannot_be_written_is_told_and_holds_up_nothing(runtime: Runtime) -> None:
    await enter(runtime, "late", template="event-announced", facts=UNWRITABLE)
    await enter(runtime, "odd", "good")
    await runtime.mongo[CONTACTS.collection].update_one({"_id": "odd"}, {"$set": {"email": "a@["}})
    sender = Mailer(runtime)
    assert await sender._lease.acquire()
    await sender.round()
    await sender._server.close()
    outcomes = await mails(runtime)
    assert {id: mail["status"] for id, mail in outcomes.items()} == {"late": "failed", "odd": "failed", "good": "sent"}
    assert outcomes["late"]["reason"] == "it cannot be written: OverflowError"
    outbox = await runtime.mongo[OUTBOX].find().to_list(None)
    assert len(outbox) == 3
    assert "@[" not in repr(outbox)
    unreadable = await runtime.mongo[MESSAGES].find_one({"recipient": "late"})
    assert unreadable
    assert message_answer(parse_message(unreadable), "it").subject == "Messaggio non leggibile"


async def test_a_digest_goes_without_what_cannot_be_written_and_once_more_under_one_id(runtime: Runtime, post: Post) -> None:
    now = datetime.now(UTC)
    await runtime.mongo[MEMBERS.collection].insert_one({"_id": "b", "name": "Org b"})
    await runtime.mongo[CONTACTS.collection].insert_one({"_id": "a", **contact("a").model_dump()})
    for number, notice in enumerate([*[Notice("welcome", "a", MessageFacts("A"))] * 2, Notice("event-announced", "a", UNWRITABLE)]):
        origin = Origin(f"e{number}", "c", now - timedelta(seconds=1), About(sender="b"))
        held = to_entry(new_message(notice, origin, now, 86_400))
        held["mail"]["reason"] = PAUSED
        await runtime.mongo[MESSAGES].insert_one(held)
    sender = Mailer(runtime)
    assert await sender._lease.acquire()
    await sender.round()
    counts = {status: await runtime.mongo[MESSAGES].count_documents({"mail.status": status}) for status in ("sent", "failed")}
    assert counts == {"sent": 2, "failed": 1}

    # The process ends after the server's answer, when one of the two is marked.
    interrupted = {"$set": {"mail.status": "sending", "mail.due": runtime.clock()}}
    await runtime.mongo[MESSAGES].update_one({"mail.status": "sent"}, interrupted)
    await sender.round()
    await sender._server.close()
    first, second = post.mails
    assert (first["Subject"], first["Message-ID"]) == ("2 novità da Org b", second["Message-ID"])
    assert await runtime.mongo[MESSAGES].count_documents({"mail.status": "sent"}) == 2


async def test_it_rests_while_the_service_is_closed_and_what_is_queued_is_not_under_way(runtime: Runtime, post: Post) -> None:
    await enter(runtime, "a", "b")
    assert await Lease(runtime.mongo, READ_ONLY_LEASE, runtime.clock, seconds=60).acquire()
    with pytest.raises(ReadOnly):
        await Mailer(runtime).round()
    assert post.mails == []
    for collection, query in pending_work(runtime.clock()).items():
        assert await runtime.mongo[collection].count_documents(dict(query)) == 0
    claimed = runtime.clock() + timedelta(seconds=20)
    await runtime.mongo[MESSAGES].update_one({"recipient": "a"}, {"$set": {"mail.status": "sending", "mail.due": claimed}})
    assert await runtime.mongo[MESSAGES].count_documents(dict(pending_work(runtime.clock())[MESSAGES])) == 1
    assert await runtime.mongo[MESSAGES].count_documents(dict(pending_work(claimed)[MESSAGES])) == 0, "its sender is gone"


async def test_a_queue_that_does_not_move_is_an_alarm_and_loses_nothing(runtime: Runtime, post: Post) -> None:
    await enter(runtime, "a", "b")
    sender = Mailer(runtime)
    assert await sender._lease.acquire()
    moment = runtime.clock()
    sender._stall._clock = lambda: moment

    def alarm() -> float:
        return runtime.metrics.registry.get_sample_value("distretti_worker_stalled_seconds", {"worker": "mailer"}) or 0

    def results(result: str) -> float:
        labels = {"worker": "mailer", "result": result}
        return runtime.metrics.registry.get_sample_value("distretti_worker_results_total", labels) or 0

    answers = ["530 5.7.0 Authentication required", "554 5.7.1 Relay access denied"]
    for address in ("a@post.example", "b@post.example"):
        post.answers[address] = answers * 2
    for _ in range(4):
        await runtime.mongo[MESSAGES].update_many({}, {"$set": {"mail.due": runtime.clock(), "mail.attempts": MAX_ATTEMPTS}})
        with capture_logs() as logs:
            await sender.round()
        moment += timedelta(minutes=10)
        assert alarm() > 0
        assert {mail["status"] for mail in (await mails(runtime)).values()} == {"queued"}
    assert alarm() == 4 * 600
    assert not [entry for entry in logs if entry["event"] == "mail_queue_stalled"], "it is said once"
    assert results("unavailable") > 0
    assert results("refused") > 0
    assert results("sent") == 0

    post.answers.clear()
    await runtime.mongo[MESSAGES].update_many({}, {"$set": {"mail.due": runtime.clock()}})
    await sender.round()
    assert (alarm(), results("sent")) == (0, 2)
    assert {mail["status"] for mail in (await mails(runtime)).values()} == {"sent"}

    await enter(runtime, "c")
    await runtime.mongo[MESSAGES].update_one({"recipient": "c"}, {"$set": {"mail.attempts": MAX_ATTEMPTS}})
    post.answers["c@post.example"] = ["554 5.7.1 Not wanted here"]
    await sender.round()
    await sender._server.close()
    assert (await mails(runtime))["c"]["status"] == "failed", "others were taken since it was written"
