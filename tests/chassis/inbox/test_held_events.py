"""An event is held once, with its last reason, and goes on when what it waits for has come."""

from shared.chassis.config import Settings
from shared.chassis.inbox.held_events import (
    REASON_CHARACTERS,
    WAITING,
    Awaited,
    held_events_of,
    hold_undecodable,
    ready_streams,
    release,
)
from shared.chassis.inbox.message import Record
from shared.chassis.inbox.positions import NEVER_SEEN, advance
from shared.chassis.mongo import Session
from shared.contracts.registry import MemberApproved
from shared.contracts.topics import CONTACTS, MEMBERS
from tests.chassis.held_records import CONSUMER, hold_event, store
from tests.chassis.received_event import MOMENT, received

STREAM = f"{MEMBERS.name}|m1"
EVERYWHERE = {MEMBERS.name: set(range(MEMBERS.partitions))}


async def test_an_event_is_held_once_with_its_last_reason_and_released_with_those_before(settings: Settings) -> None:
    async with store(settings) as mongo:
        for sequence in (2, 3, 4):
            await hold_event(mongo, sequence, "gap")
        await hold_event(mongo, 3, "parked", reason="r" * (REASON_CHARACTERS + 1))
        held = (await held_events_of(mongo, CONSUMER, [STREAM]))[STREAM]
        assert sorted((event.sequence, event.kind, len(event.reason)) for event in held) == [
            (2, "gap", 3),
            (3, "parked", REASON_CHARACTERS),
            (4, "gap", 3),
        ]
        assert held[0].received == received(held[0].sequence, MemberApproved())

        async def release_three(session: Session) -> None:
            await release(mongo, CONSUMER, STREAM, 3, session)

        await mongo.transact(release_three)
        assert [event.sequence for event in (await held_events_of(mongo, CONSUMER, [STREAM]))[STREAM]] == [4]


async def test_a_stream_is_ready_when_the_fact_is_applied_on_a_partition_of_this_process(settings: Settings) -> None:
    fact = f"{CONTACTS.name}|m1"
    async with store(settings) as mongo:
        await hold_event(mongo, 1, "not_yet", awaited=Awaited("hearing.contacts", fact, 2))
        await hold_event(mongo, 1, "gap", subject="m2")
        assert await ready_streams(mongo, CONSUMER, EVERYWHERE) == []
        await advance(mongo, "hearing.contacts", {fact: NEVER_SEEN}, {fact: 1}, None)
        assert await ready_streams(mongo, CONSUMER, EVERYWHERE) == []
        await mongo["positions"].update_one({"_id": f"hearing.contacts|{fact}"}, {"$set": {"sequence": 2}})
        assert await ready_streams(mongo, CONSUMER, EVERYWHERE) == [STREAM]
        other_partitions = {MEMBERS.name: EVERYWHERE[MEMBERS.name] - {received(1, MemberApproved()).record.partition}}
        assert await ready_streams(mongo, CONSUMER, other_partitions) == []
        assert await ready_streams(mongo, "hearing.other", EVERYWHERE) == []


async def test_a_record_that_is_no_event_is_held_once_and_blocks_nothing(settings: Settings) -> None:
    record = Record(MEMBERS.name, 0, 7, b"m1", (("ce_id", b"\xff"),), None)
    async with store(settings) as mongo:
        for reason in ("first", "second"):
            await hold_undecodable(mongo, CONSUMER, record, reason, MOMENT)
        [entry] = await mongo[WAITING].find().to_list(None)
        assert (entry["kind"], entry["lane"], entry["reason"]) == ("parked", None, "first")
        assert await held_events_of(mongo, CONSUMER, [STREAM]) == {}
