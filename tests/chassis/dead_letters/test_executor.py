"""Dead letters are tried again or passed over, in order, once, and every act is kept."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from shared.chassis.audit.run import Audit, audit_service
from shared.chassis.config import Settings
from shared.chassis.dead_letters import operator_actions
from shared.chassis.dead_letters.entries import behind, entries, find_entry
from shared.chassis.dead_letters.operator_actions import ACTIONS, Action, ActionPending
from shared.chassis.inbox.held_events import WAITING
from shared.chassis.inbox.positions import positions_of
from shared.chassis.mongo import Document
from shared.chassis.runtime.runtime import Runtime
from shared.contracts.base import DomainEvent
from shared.contracts.topics import MEMBERS
from tests.chassis.consumers.test_consumer import APPLIED, revised
from tests.chassis.poison_service import FOLD, REACTION, echoed, folded, poisoned_service
from tests.lib.publish_event import feed
from tests.lib.services import eventually, serving

FIVE: list[DomainEvent] = [APPLIED, revised("two"), revised("poison"), revised("four"), revised("five")]
TEXTS = ["applied", "two", "poison", "four", "five"]
STREAM = f"{MEMBERS.name}|m1"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
Texts = Callable[[Runtime, str], Awaitable[list[str]]]
BOTH_HANDLERS = pytest.mark.parametrize(("consumer", "texts"), [(FOLD, folded), (REACTION, echoed)], ids=["projection", "reaction"])


async def request_and_wait(runtime: Runtime, act: Action, consumer: str) -> Document:
    """Ask for an act on the one dead-lettered entry of a consumer, and wait until it is done."""
    (entry,) = await entries(runtime.mongo, consumer)
    entry_found, document = await find_entry(runtime.mongo, entry.id)
    id = await operator_actions.request_action(runtime.mongo, act, entry_found, document, "anna", "the cause is mended", NOW)
    return await ended(runtime, id)


async def ended(runtime: Runtime, id: str) -> Document:
    async def probe() -> Document | None:
        act = await operator_actions.find_action(runtime.mongo, id)
        return act if act["status"] == "done" else None

    entry_found = await eventually(probe)
    assert entry_found is not None
    return entry_found


@asynccontextmanager
async def third_is_dead_letter(settings: Settings) -> AsyncIterator[Runtime]:
    """Serve what cannot take the third of five events, until both consumers hold the fifth behind it."""
    async with serving(poisoned_service("no poison here"), settings) as (runtime, _):
        for sequence, event in enumerate(FIVE, 1):
            await feed(settings, MEMBERS, "m1", sequence, event)

        async def held() -> bool:
            return await runtime.mongo[WAITING].count_documents({"sequence": {"$in": [3, 4, 5]}}) == 6

        await eventually(held)
        yield runtime


async def stored_documents(runtime: Runtime) -> dict[str, list[Any]]:
    """All that the store holds of it."""
    names = (WAITING, ACTIONS, "positions", "texts", "echoes", "dirty", "outbox", "claims")
    return {name: await runtime.mongo[name].find().sort("_id", 1).to_list(None) for name in names}


async def differences(settings: Settings) -> list[Any]:
    audit = Audit()
    await audit_service(poisoned_service(None), settings, audit)
    return audit.differences


@BOTH_HANDLERS
async def test_the_third_of_five_is_mended_and_all_come_in_order(settings: Settings, consumer: str, texts: Texts) -> None:
    async with third_is_dead_letter(settings) as runtime:
        (entry,) = await entries(runtime.mongo, consumer)
        assert (entry.stream, entry.sequence, entry.behind) == (STREAM, 3, 2)
        assert "no poison here" in entry.reason
        assert [waiting.sequence async for waiting in behind(runtime.mongo, entry)] == [4, 5]
    async with serving(poisoned_service(None), settings) as (runtime, _):
        act = await request_and_wait(runtime, "retry", consumer)
        assert (act["outcome"], act["said"]) == ("applied", "the stream is at 5, nothing waits")
        assert await texts(runtime, "m1") == TEXTS
        assert (await positions_of(runtime.mongo, consumer, [STREAM]))[STREAM].sequence == 5
        assert await entries(runtime.mongo, consumer, held=True) == []
        await feed(settings, MEMBERS, "m1", 6, revised("six"))

        async def six() -> bool:
            return await texts(runtime, "m1") == [*TEXTS, "six"]

        await eventually(six)
        assert await differences(settings) == []


@BOTH_HANDLERS
async def test_a_retry_that_fails_leaves_the_dead_letter_with_the_new_reason(
    settings: Settings, consumer: str, texts: Texts
) -> None:
    async with third_is_dead_letter(settings):
        pass
    async with serving(poisoned_service("still none"), settings) as (runtime, _):
        act = await request_and_wait(runtime, "retry", consumer)
        assert act["outcome"] == "parked"
        assert "still none" in act["said"]
        (entry,) = await entries(runtime.mongo, consumer)
        assert "still none" in entry.reason
        assert (await texts(runtime, "m1"), entry.behind) == (TEXTS[:2], 2)


@BOTH_HANDLERS
async def test_two_retries_at_once_do_it_once(settings: Settings, consumer: str, texts: Texts) -> None:
    async with third_is_dead_letter(settings):
        pass
    async with (
        serving(poisoned_service(None), settings) as (runtime, _),
        serving(poisoned_service(None), settings) as (_replica, _),
    ):
        (entry,) = await entries(runtime.mongo, consumer)
        entry_found, document = await find_entry(runtime.mongo, entry.id)
        requests = (
            operator_actions.request_action(runtime.mongo, "retry", entry_found, document, operator, "at once", NOW)
            for operator in ("anna", "bruno")
        )
        ids = await asyncio.gather(*requests, return_exceptions=True)
        (requested,) = [id for id in ids if isinstance(id, str)]
        assert [type(result) for result in ids if result != requested] == [ActionPending]
        assert (await ended(runtime, requested))["outcome"] == "applied"
        assert await texts(runtime, "m1") == TEXTS


@BOTH_HANDLERS
async def test_a_dry_run_tells_and_changes_nothing(settings: Settings, consumer: str, texts: Texts) -> None:
    async with third_is_dead_letter(settings) as runtime:
        (entry,) = await entries(runtime.mongo, consumer)
        _, document = await find_entry(runtime.mongo, entry.id)
    for complaint, outcome, word in ((None, "applied", "m1"), ("still none", "parked", "still none")):
        async with serving(poisoned_service(complaint), settings) as (runtime, _):
            before = await stored_documents(runtime)
            (candidate,) = [candidate for candidate in runtime.consumers if candidate.name == consumer]
            result = await candidate.dry_run(document)
            assert result.outcome == outcome
            assert word in " ".join(result.effects)
            after = await stored_documents(runtime)
            assert after == before
            assert await texts(runtime, "m1") == TEXTS[:2]


@BOTH_HANDLERS
async def test_a_dropped_event_is_passed_over_and_kept(settings: Settings, consumer: str, texts: Texts) -> None:
    async with third_is_dead_letter(settings) as runtime:
        act = await request_and_wait(runtime, "drop", consumer)
        assert (act["outcome"], act["said"]) == ("dropped", "the stream is at 5, nothing waits")
        assert await texts(runtime, "m1") == ["applied", "two", "four", "five"]
        (record,) = await runtime.mongo[ACTIONS].find().to_list(None)
        assert (record["who"], record["why"], record["act"]) == ("anna", "the cause is mended", "drop")
        assert b"poison" in record["record"]["value"]
        assert await differences(settings) == []
        (listed,) = await operator_actions.list_actions(runtime.mongo)
        assert listed["_id"] == record["_id"]


async def test_what_is_asked_while_the_service_is_away_is_done_when_it_runs(settings: Settings) -> None:
    async with third_is_dead_letter(settings) as runtime:
        (entry,) = await entries(runtime.mongo, FOLD)
        _, document = await find_entry(runtime.mongo, entry.id[:6])
    stopped = Runtime(poisoned_service(None), settings)
    id = await operator_actions.request_action(stopped.mongo, "retry", entry, document, "anna", "tonight", NOW)
    stopped.mongo.close()
    async with serving(poisoned_service(None), settings) as (runtime, _):
        assert (await ended(runtime, id))["outcome"] == "applied"
        assert await folded(runtime, "m1") == TEXTS


async def test_a_drop_cut_short_is_finished_by_the_next(settings: Settings) -> None:
    async with third_is_dead_letter(settings) as runtime:
        act = await request_and_wait(runtime, "drop", FOLD)
        # As a crash would leave it: passed over, and what waited not yet applied.
        await runtime.mongo["positions"].update_one({"_id": f"{FOLD}|{STREAM}"}, {"$set": {"sequence": 3}})
        await runtime.mongo["texts"].update_one({"_id": "m1"}, {"$set": {"texts": TEXTS[:2]}})
        for document in await runtime.mongo[WAITING].find({"consumer": REACTION, "kind": "gap"}).to_list(None):
            key = f"{FOLD}|{STREAM}|{document['sequence']}"
            await runtime.mongo[WAITING].insert_one({**document, "_id": key, "consumer": FOLD})
        await runtime.mongo[ACTIONS].update_one({"_id": act["_id"]}, {"$set": {"status": "draining"}})
        assert (await ended(runtime, act["_id"]))["outcome"] == "dropped"
        assert await folded(runtime, "m1") == ["applied", "two", "four", "five"]


async def test_the_event_that_cannot_be_written_becomes_the_dead_letter(settings: Settings) -> None:
    async with serving(poisoned_service("no poison here"), settings) as (runtime, _):
        for sequence, event in ((1, APPLIED), (3, revised("unstorable")), (4, revised("four"))):
            await feed(settings, MEMBERS, "m1", sequence, event)

        async def held() -> bool:
            return await runtime.mongo[WAITING].count_documents({"consumer": FOLD, "kind": "gap"}) == 2

        await eventually(held)
        await feed(settings, MEMBERS, "m1", 2, revised("two"))
        (entry,) = await eventually(lambda: entries(runtime.mongo, FOLD))
        assert (entry.sequence, entry.behind) == (3, 1)
        assert await folded(runtime, "m1") == ["applied", "two"]


async def test_a_record_that_is_no_event_is_dropped_for_good(settings: Settings) -> None:
    async with serving(poisoned_service(None), settings) as (runtime, _):
        producer = AIOKafkaProducer(bootstrap_servers=settings.kafka_bootstrap)
        await producer.start()
        await producer.send_and_wait(settings.named(MEMBERS.name), b"{}", b"k", headers=[("ce_id", b"\xff")], partition=0)
        await producer.stop()
        (entry,) = await eventually(lambda: entries(runtime.mongo, FOLD))
        assert (entry.stream, entry.sequence, entry.behind) == (None, None, 0)
        act = await request_and_wait(runtime, "retry", FOLD)
        assert (act["outcome"], act["said"]) == ("parked", "header ce_id is not UTF-8")
        assert (await request_and_wait(runtime, "drop", FOLD))["outcome"] == "dropped"
    await rewind(settings, FOLD)
    async with serving(poisoned_service(None), settings) as (runtime, _):
        await feed(settings, MEMBERS, "m1", 1, APPLIED)

        async def at_rest() -> bool:
            lags = [await consumer.lag() for consumer in runtime.consumers]
            return await folded(runtime, "m1") == ["applied"] and lags == [0, 0]

        await eventually(at_rest)
        assert await entries(runtime.mongo, FOLD) == []


async def test_what_an_earlier_release_kept_and_this_one_cannot_read_holds_nobody_up(settings: Settings) -> None:
    async with third_is_dead_letter(settings) as runtime:
        await runtime.mongo[WAITING].update_many({"sequence": 3}, {"$set": {"record.key": b"another"}})
        await feed(settings, MEMBERS, "m2", 1, APPLIED)
        await feed(settings, MEMBERS, "m1", 3, revised("three"))

        async def moved() -> bool:
            return await folded(runtime, "m1") == await echoed(runtime, "m1") == ["applied", "two", "three", "four", "five"]

        await eventually(moved)
        assert await folded(runtime, "m2") == ["applied"]
        assert await entries(runtime.mongo, held=True) == []


async def rewind(settings: Settings, consumer: str) -> None:
    """Commit the beginning of every partition for a group that is at rest."""
    client = AIOKafkaConsumer(
        bootstrap_servers=settings.kafka_bootstrap, group_id=settings.named(consumer), enable_auto_commit=False
    )
    await client.start()
    try:
        partitions = [TopicPartition(settings.named(MEMBERS.name), number) for number in range(MEMBERS.partitions)]
        client.assign(partitions)
        await client.commit(dict.fromkeys(partitions, 0))
    finally:
        await client.stop()
