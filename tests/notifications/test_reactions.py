"""Events become messages: one for each event and recipient, of facts as they were when they are all known."""

from datetime import UTC, datetime, timedelta

from aiokafka import AIOKafkaConsumer, TopicPartition

from distretti.devstack.token_issuer import Issuer
from services.notifications.main import SERVICE
from services.notifications.messages.ledger import MESSAGES
from services.notifications.projections import BROKERAGE, MEETINGS
from shared.chassis.config import Settings
from shared.chassis.inbox.positions import POSITIONS
from shared.chassis.mongo import Mongo
from shared.chassis.outbox.outbox import OUTBOX
from shared.chassis.runtime.runtime import Runtime
from shared.contracts import topics
from shared.contracts.events import (
    AppointmentMade,
    BrokerageEventCorrected,
    MeetingAccepted,
    MeetingCancelled,
    MeetingRequested,
    RegistrationOpened,
    Slot,
)
from shared.contracts.matching import IntroductionMade
from shared.contracts.registry import MemberApproved
from tests.lib.publish_event import feed
from tests.lib.services import eventually, serving
from tests.lib.smtp_server import Post
from tests.notifications.conftest import counted, inbox, member
from tests.notifications.factories import ANNOUNCED, applied, contact


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
