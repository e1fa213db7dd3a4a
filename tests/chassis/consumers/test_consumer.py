"""The inbox on a real Kafka and a real MongoDB: order, duplicates, gaps, poison, facts that come late."""

import asyncio
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer

from shared.chassis.config import Settings
from shared.chassis.inbox.held_events import WAITING
from shared.chassis.mongo import PyMongoError
from shared.chassis.runtime.runtime import Runtime
from shared.contracts.base import LocalizedText
from shared.contracts.events import BrokerageEventAnnounced, RegistrationOpened, Slot
from shared.contracts.registry import Identifier, MemberApplied, MemberApproved, MemberProfileRevised, Place, Profile
from shared.contracts.topics import BROKERAGE, MEMBERS
from tests.chassis.sample_service import GREETER
from tests.lib.publish_event import feed
from tests.lib.services import eventually, serving

APPLIED = MemberApplied(
    name="Esempio",
    kind="sme",
    identifiers=(Identifier(scheme="pic", value="123456789"),),
    districts=("marble",),
    place=Place(country="IT"),
    profile=Profile(),
)


def revised(summary: str) -> MemberProfileRevised:
    return MemberProfileRevised(profile=Profile(summary=summary))


async def seen(runtime: Runtime, id: str, events: int) -> Any:
    """Wait until so many events of a member have been folded."""

    async def probe() -> Any:
        document = await runtime.mongo["seen"].find_one({"_id": id})
        return document if document and document["events"] == events else None

    return await eventually(probe)


async def greetings(runtime: Runtime, id: str, count: int) -> None:
    """Wait until an aggregate has so many greetings."""

    async def probe() -> bool:
        document = await runtime.mongo["greetings"].find_one({"_id": id})
        return document is not None and document["state"]["greetings"] == count

    await eventually(probe)


async def test_duplicates_and_reordering_change_nothing(settings: Settings) -> None:
    async with serving(GREETER, settings) as (runtime, _):
        await feed(settings, MEMBERS, "m1", 1, APPLIED)
        await feed(settings, MEMBERS, "m1", 4, revised("c"))
        await feed(settings, MEMBERS, "m1", 3, revised("b"))
        await feed(settings, MEMBERS, "m1", 1, APPLIED)
        await feed(settings, MEMBERS, "m1", 3, revised("b"))
        held = await eventually(lambda: runtime.mongo[WAITING].count_documents({"consumer": "hearing.members", "kind": "gap"}))
        assert held in (1, 2)
        await feed(settings, MEMBERS, "m1", 2, MemberApproved())
        document = await seen(runtime, "m1", 4)
        assert document["summaries"] == ["b", "c"]
        await greetings(runtime, "m1", 1)
        await greetings(runtime, "everybody", 1)

        async def nothing_waits() -> bool:
            return await runtime.mongo[WAITING].count_documents({}) == 0

        await eventually(nothing_waits)
        assert await runtime.mongo["dirty"].find_one({"_id": "m1"})


async def test_poison_becomes_a_dead_letter_and_blocks_its_own_key_alone(settings: Settings) -> None:
    async with serving(GREETER, settings) as (runtime, _):
        for sequence, event in enumerate([APPLIED, revised("poison"), revised("after")], 1):
            await feed(settings, MEMBERS, "bad", sequence, event)
        await feed(settings, MEMBERS, "good", 1, APPLIED)
        await seen(runtime, "good", 1)
        await seen(runtime, "bad", 1)

        async def both_wait() -> list[Any]:
            entries = await runtime.mongo[WAITING].find({"consumer": "hearing.members"}).sort("sequence", 1).to_list(None)
            return entries if len(entries) == 2 else []

        dead_letter, behind = await eventually(both_wait)
        assert (dead_letter["sequence"], dead_letter["kind"]) == (2, "parked")
        assert "cannot take poison" in dead_letter["reason"]
        assert (behind["sequence"], behind["kind"]) == (3, "gap")


async def test_a_record_that_is_no_event_becomes_a_dead_letter_and_unknown_types_pass(settings: Settings) -> None:
    async with serving(GREETER, settings) as (runtime, http):
        good = {
            "ce_specversion": b"1.0",
            "ce_id": b"x",
            "ce_type": b"it.toscana.distretti.registry.member-approved.v1",
            "ce_source": b"/t",
            "ce_subject": b"m2",
            "ce_time": b"2026-11-22T10:00:00Z",
            "ce_sequence": b"1",
        }
        bad: list[tuple[dict[str, Any], bytes | None]] = [
            ({}, b"{}"),
            (good | {"ce_type": None}, b"{}"),
            (good | {"ce_id": b"\xff\xfe"}, b"{}"),
            (good | {"ce_sequence": b"-1"}, b"{}"),
            (good | {"ce_time": b"yesterday"}, b"{}"),
            (good | {"ce_specversion": b"0.3"}, b"{}"),
            (good, None),
        ]
        unknown = good | {
            "ce_type": b"it.toscana.distretti.registry.member-knighted.v9",
            "ce_subject": b"m3",
            "reply_to": b"registry.members",
        }
        broken = good | {"ce_subject": b"m4"}
        wrong = good | {"ce_subject": b"m5", "ce_type": b"it.toscana.distretti.registry.member-applied.v1"}
        producer = AIOKafkaProducer(bootstrap_servers=settings.kafka_bootstrap)
        await producer.start()
        try:
            topic = settings.named(MEMBERS.name)
            for headers, value in [*bad, (unknown, b"{}"), (broken, b"{nonsense"), (wrong, b'{"name": 7}')]:
                key = headers.get("ce_subject")
                await producer.send_and_wait(topic, value, key, headers=list(headers.items()))
        finally:
            await producer.stop()
        await feed(settings, MEMBERS, "m3", 2, MemberApproved())
        await seen(runtime, "m3", 1)

        async def all_dead_letters() -> bool:
            query = {"consumer": "hearing.members", "kind": "parked"}
            return await runtime.mongo[WAITING].count_documents(query) == len(bad) + 2

        await eventually(all_dead_letters)
        metrics = (await http.get("/metrics")).text
        assert 'distretti_events_unknown_total{consumer="hearing.members"} 1.0' in metrics


async def test_a_reaction_waits_for_the_fact_it_needs(settings: Settings) -> None:
    async with serving(GREETER, settings) as (runtime, _):
        await feed(settings, MEMBERS, "late1", 1, APPLIED)
        await feed(settings, MEMBERS, "late1", 2, MemberApproved())
        await feed(settings, MEMBERS, "late1", 3, revised("x"))
        await eventually(lambda: runtime.mongo[WAITING].count_documents({"consumer": "hearing.greet", "kind": "not_yet"}))
        await seen(runtime, "late1", 3)
        assert await runtime.mongo["greetings"].count_documents({}) == 0
        moment = "2026-11-22T10:00:00Z"
        fair = BrokerageEventAnnounced(
            title=LocalizedText(it="Fiera", en="Fair"),
            districts=("marble",),
            modes=("b2b",),
            venue="Carrara",
            timezone="Europe/Rome",
            slots=(Slot.model_validate({"number": 1, "starts": moment, "ends": moment}),),
            tables=1,
        )
        await feed(settings, BROKERAGE, "fair", 1, fair)
        await feed(settings, BROKERAGE, "fair", 2, RegistrationOpened())
        await greetings(runtime, "late1", 1)


async def test_a_restart_in_the_middle_repeats_nothing(settings: Settings) -> None:
    members = [f"m{number}" for number in range(40)]

    async def send() -> None:
        for member in members:
            await feed(settings, MEMBERS, member, 1, APPLIED)
            await feed(settings, MEMBERS, member, 2, MemberApproved())

    async with serving(GREETER, settings) as (runtime, _):
        sending = asyncio.create_task(send())
        await eventually(lambda: runtime.mongo["greetings"].count_documents({}))
    async with serving(GREETER, settings) as (runtime, _):
        await sending
        await greetings(runtime, "everybody", len(members))
        for member in members:
            await greetings(runtime, member, 1)


@pytest.mark.parametrize(("error", "moves"), [(ValueError("a fault of its own"), False), (PyMongoError("away"), True)])
async def test_only_what_a_restart_would_not_mend_counts_as_getting_on(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, error: Exception, moves: bool
) -> None:
    [consumer, *_] = Runtime(GREETER, settings).consumers
    turns: list[float] = []

    async def fail(_records: object) -> None:
        turns.append(consumer.last_progress)
        raise error

    async def wait(_seconds: float) -> None:
        await asyncio.sleep(0.01)
        consumer.membership.leaving = len(turns) == 3

    monkeypatch.setattr(consumer, "_deliver", fail)
    monkeypatch.setattr(consumer, "_idle", wait)
    monkeypatch.setattr("shared.chassis.consumers.consumer.is_temporary", lambda failed: isinstance(failed, PyMongoError))
    before = consumer.last_progress
    assert not await consumer._apply([])
    assert before < turns[0], "a batch that begins is getting on, however long there was none"
    assert (turns[2] > turns[0]) == moves
