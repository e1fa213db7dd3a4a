"""The service whole: events in from Kafka, mails out by SMTP, messages over HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from distretti.devstack.token_issuer import Issuer
from services.notifications.mail import mail_queue
from services.notifications.main import SERVICE
from services.notifications.messages.ledger import MESSAGES
from services.notifications.projections import BROKERAGE, MEETINGS
from services.notifications.statistics_api import count
from shared.chassis.config import Settings
from shared.chassis.inbox.positions import POSITIONS
from shared.chassis.mongo import Mongo, PyMongoError
from shared.chassis.outbox.outbox import OUTBOX
from shared.chassis.runtime.runtime import Runtime
from shared.contracts import topics
from shared.contracts.base import LocalizedText
from shared.contracts.events import (
    AgendaPublished,
    AppointmentMade,
    BrokerageEventCorrected,
    MeetingAccepted,
    MeetingCancelled,
    MeetingDeclined,
    MeetingRequested,
    Placement,
    RegistrationOpened,
    Slot,
    Unplaced,
)
from shared.contracts.matching import IntroductionMade
from shared.contracts.registry import MemberApproved
from tests.lib.publish_event import feed
from tests.lib.services import bearer, eventually, serving
from tests.lib.smtp_server import Post, post_office
from tests.notifications.factories import ANNOUNCED, applied, contact


@pytest.fixture
async def post() -> AsyncIterator[Post]:
    async with post_office() as running:
        yield running


@pytest.fixture
def mailing(settings: Settings, post: Post) -> Settings:
    return settings.model_copy(update={"smtp_port": post.port, "smtp_timeout": 5})


async def member(settings: Settings, id: str, *, with_contact: bool = True) -> None:
    """A member that has applied, and whom to write to."""
    await feed(settings, topics.MEMBERS, id, 1, applied(f"Org {id}"))
    if with_contact:
        await feed(settings, topics.CONTACTS, id, 1, contact(id))


def counted(mongo: Mongo, **expected: int) -> Callable[[], Awaitable[bool]]:
    """Ask whether the ledger counts so many."""

    async def probe() -> bool:
        counts = await count(mongo)
        return all(getattr(counts, name) == number for name, number in expected.items())

    return probe


async def inbox(http: httpx2.AsyncClient, issuer: Issuer, id: str, language: str = "en", **query: str | int) -> httpx2.Response:
    headers = bearer(issuer, "member", id) | {"Accept-Language": language}
    return await http.get(f"/v1/members/{id}/messages", params=query, headers=headers)


async def test_facts_may_come_in_any_order_and_any_number_of_times(mailing: Settings, issuer: Issuer, post: Post) -> None:
    async with serving(SERVICE, mailing) as (runtime, http):
        introduced = IntroductionMade(mode="b2b", members=("a", "b"))
        for _ in range(3):
            await feed(mailing, topics.INTRODUCTIONS, "i1", 1, introduced, id="made-1")
        await feed(mailing, topics.MEMBERS, "a", 1, applied("Org a"))

        async def awaited() -> bool:
            return await runtime.mongo["waiting"].count_documents({"kind": "not_yet", "lane": "matching.introductions|i1"}) == 1

        await eventually(awaited)
        await feed(mailing, topics.CONTACTS, "a", 1, contact("a", "en"))
        await feed(mailing, topics.MEMBERS, "b", 1, applied("Org b"))
        await eventually(counted(runtime.mongo, messages=2, sent=1, waiting_for_contact=1, queued=0))
        assert len(post.mails) == 1
        await feed(mailing, topics.CONTACTS, "b", 1, contact("b"))
        await eventually(counted(runtime.mongo, messages=2, sent=2, waiting_for_contact=0))
        assert [mail["Subject"] for mail in post.to("a@post.example")] == ["You and Org b are interested in each other"]
        assert [mail["Subject"] for mail in post.to("b@post.example")] == ["Interesse reciproco con Org a"]

        italian = await inbox(http, issuer, "a", "it")
        assert [item["subject"] for item in italian.json()["items"]] == ["Interesse reciproco con Org b"]
        published = await runtime.mongo[OUTBOX].find({"topic": "notifications.deliveries"}).to_list(None)
        sent = {mail["Message-ID"].strip("<>").partition("@")[0] for mail in post.mails}
        assert {event["key"] for event in published} == sent
        assert {event["headers"]["ce_causationid"] for event in published} == {"made-1"}
        assert not any(
            "@post.example" in repr(document) for document in [*published, *await runtime.mongo[MESSAGES].find().to_list(None)]
        )


async def test_an_agenda_is_one_message_for_each_participant(mailing: Settings, issuer: Issuer, post: Post) -> None:
    async with serving(SERVICE, mailing) as (runtime, http):
        for id in "abc":
            await member(mailing, id)
        published = AgendaPublished(
            event_id="e",
            placements=(
                Placement(meeting_id="m1", members=("a", "b"), slot=2, table=1),
                Placement(meeting_id="m2", members=("a", "c"), slot=1, table=3),
            ),
            unplaced=(Unplaced(meeting_id="m3", members=("b", "c"), reason=LocalizedText(it="nessuno slot", en="no slot")),),
            status="optimal",
            breaks=0,
            bound=0,
            input="i",
        )
        await feed(mailing, topics.AGENDAS, "e", 1, published)
        await feed(mailing, topics.BROKERAGE, "e", 1, ANNOUNCED.model_copy(update={"districts": ("fashion",)}))
        await feed(mailing, topics.MEMBERS, "a", 2, MemberApproved(), time=datetime.now(UTC) + timedelta(seconds=1))
        await eventually(counted(runtime.mongo, messages=4, sent=4))
        [own] = [mail for mail in post.to("a@post.example") if "agenda" in mail["Subject"]]
        text = own.get_content()
        assert text.index("09:30-09:50  tavolo 3  Org c") < text.index("09:50-10:10  tavolo 1  Org b")
        assert "nessuno slot" not in text
        assert "Org c: nessuno slot" in post.to("b@post.example")[0].get_content()

        newest = (await inbox(http, issuer, "a", limit=1)).json()
        assert [item["template"] for item in newest["items"]] == ["welcome"]
        older = (await inbox(http, issuer, "a", limit=1, cursor=newest["next"])).json()
        assert [item["template"] for item in older["items"]] == ["agenda"]
        assert older["next"] is None
        path = f"/v1/messages/{older['items'][0]['id']}"
        recipient, outsider = bearer(issuer, "member", "a"), bearer(issuer, "member", "b")
        assert (await http.get(path, headers=recipient)).json()["read"] is False
        assert (await http.post(f"{path}/read", headers=recipient)).json()["read"] is True
        assert (await http.get(path, headers=recipient)).json()["read"] is True
        for refused in (await http.get(path, headers=outsider), await http.post(f"{path}/read", headers=outsider)):
            assert refused.status_code == 403
        assert (await http.get("/v1/members/a/messages", headers=outsider)).status_code == 403
        assert (await http.get("/v1/messages/none", headers=recipient)).status_code == 404
        assert (await http.get("/v1/statistics", headers=recipient)).status_code == 403
        counts = (await http.get("/v1/statistics", headers=bearer(issuer, "operator"))).json()
        assert counts == {"messages": 4, "queued": 0, "waiting_for_contact": 0, "sent": 4, "failed": 0, "historical": 0}


async def test_an_acceptance_tells_of_the_request_it_answers_whatever_was_asked_since(mailing: Settings, issuer: Issuer) -> None:
    requested = MeetingRequested(event_id="e", mode="b2b", by="asker", towards="b", slot=2)
    agreed = MeetingAccepted(event_id="e", by="b", towards="asker")
    cancelled = MeetingCancelled(event_id="e", by="asker", reason="in viaggio")
    async with serving(SERVICE, mailing) as (runtime, http):
        # Nobody is known yet: all of it is folded before any of it is told.
        for sequence, event in enumerate((requested, agreed, cancelled, requested.model_copy(update={"slot": None}), agreed), 1):
            await feed(mailing, topics.MEETINGS, "m1", sequence, event)

        async def folded() -> bool:
            return await runtime.mongo[MEETINGS.collection].count_documents({"agreed.1.sequence": 5}) == 1

        await eventually(folded)
        await feed(mailing, topics.BROKERAGE, "e", 1, ANNOUNCED.model_copy(update={"districts": ("fashion",)}))
        for id in ("asker", "b"):
            await member(mailing, id, with_contact=False)
        await eventually(counted(runtime.mongo, messages=5))
        second, first = (item["text"] for item in (await inbox(http, issuer, "asker")).json()["items"])
        assert "09:50-10:10" in first
        assert "outside the agenda" in first
        assert "The time and the table will be in your agenda." in second


async def test_what_is_in_a_slot_added_since_waits_until_that_is_heard(mailing: Settings, issuer: Issuer, post: Post) -> None:
    async with serving(SERVICE, mailing) as (runtime, http):
        for id in "ab":
            await member(mailing, id)
        await feed(mailing, topics.BROKERAGE, "e", 1, ANNOUNCED.model_copy(update={"districts": ("fashion",)}))
        await feed(mailing, topics.BROKERAGE, "e", 2, RegistrationOpened())
        await feed(mailing, topics.MEETINGS, "m1", 1, MeetingRequested(event_id="e", mode="b2b", by="a", towards="b"))
        await eventually(counted(runtime.mongo, messages=1))
        await feed(mailing, topics.MEETINGS, "m1", 2, AppointmentMade(event_id="e", slot=5, table=1, people=("a", "b")))

        async def awaited() -> bool:
            waits = {"kind": "not_yet", "lane": "events.meetings|m1"}
            return await runtime.mongo["waiting"].count_documents(waits) == 1

        await eventually(awaited)
        last = ANNOUNCED.slots[-1]
        added = Slot(number=5, starts=last.ends, ends=last.ends + timedelta(minutes=20))
        corrected = BrokerageEventCorrected(
            **{**ANNOUNCED.model_dump(), "slots": (*ANNOUNCED.slots, added)}, changed=("slots",), participants=("a",)
        )
        await feed(mailing, topics.BROKERAGE, "e", 3, corrected)
        await eventually(counted(runtime.mongo, messages=4))
        items = (await inbox(http, issuer, "a")).json()["items"]
        assert {item["template"] for item in items} == {"appointment", "event-corrected"}
        assert "10:50-11:10" in next(item["text"] for item in items if item["template"] == "appointment")
        row = await runtime.mongo[BROKERAGE.collection].find_one({"_id": "e"})
        assert row is not None
        assert (row["status"], len(row["slots"])) == ("registration-open", 5), "a correction opens and closes nothing"


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


async def test_history_is_not_mailed_and_a_rewind_sends_nothing(mailing: Settings, issuer: Issuer, post: Post) -> None:
    async with serving(SERVICE, mailing) as (runtime, http):
        for id in "ab":
            await member(mailing, id)
        await feed(mailing, topics.MEMBERS, "a", 2, MemberApproved(), time=datetime.now(UTC) - timedelta(days=2))
        await feed(mailing, topics.MEMBERS, "b", 2, MemberApproved())
        await eventually(counted(runtime.mongo, messages=2, historical=1, sent=1))
        assert [item["mail"] for item in (await inbox(http, issuer, "a")).json()["items"]] == ["historical"]
        before = await runtime.mongo[MESSAGES].find().sort("_id").to_list(None)
    await rewind(mailing, runtime)
    async with serving(SERVICE, mailing) as (runtime, _):

        async def heard_again() -> bool:
            return (
                await runtime.mongo[POSITIONS].count_documents({"_id": {"$regex": "^notifications.messages"}, "sequence": 2}) == 2
            )

        await eventually(heard_again)
        await eventually(counted(runtime.mongo, queued=0))
        assert await runtime.mongo[MESSAGES].find().sort("_id").to_list(None) == before
    assert post.to("a@post.example") == []
    assert len(post.to("b@post.example")) == 1


async def rewind(settings: Settings, stopped: Runtime) -> None:
    """Set the reaction back to the beginning: the offsets of its group, and its own positions."""
    group = settings.named("notifications.messages")
    name = settings.named(topics.MEMBERS.name)
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.kafka_bootstrap, group_id=group, enable_auto_commit=False)
    partitions = [TopicPartition(name, number) for number in range(topics.MEMBERS.partitions)]
    await consumer.start()
    consumer.assign(partitions)
    await consumer.commit(dict.fromkeys(partitions, 0))
    await consumer.stop()
    mongo = Mongo(settings.mongo_url, stopped.mongo.database.name, 10)
    deleted = await mongo[POSITIONS].delete_many({"_id": {"$regex": "^notifications.messages"}})
    assert deleted.deleted_count > 0
    mongo.close()
