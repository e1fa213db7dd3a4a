"""The relay on a real MongoDB, with a publish function that fails, hangs or is replaced: nothing lost, order kept."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from services.registry.contact.aggregate import CONTACT
from services.registry.member import rules
from services.registry.member.aggregate import MEMBER
from shared.chassis.config import Settings
from shared.chassis.kafka.topics import partition_of
from shared.chassis.mongo import Document, Mongo
from shared.chassis.outbox.cause import Cause
from shared.chassis.outbox.outbox import OUTBOX, UNSENT
from shared.chassis.outbox.producer import RecordRefused
from shared.chassis.outbox.relay import Relay
from shared.chassis.telemetry.metrics_and_traces import Metrics
from shared.chassis.workers.lease import LEASES, Lease
from shared.chassis.writes.write_path import WritePath
from shared.contracts.registry import ContactRecorded, Need
from tests.chassis.write_path_fixture import applied, utc_now, writing
from tests.lib.services import eventually


class FakeProducer:
    """Remembers what it was sent, four records a batch at most; fails before or after taking one, as often as `failing` says."""

    def __init__(self, failing: float = 0, seed: int = 1) -> None:
        self.streams: dict[str, list[int]] = defaultdict(list)
        self.failing = failing
        self.appended = 0
        self.silent_after = 10**6
        self.refused: tuple[str, int] | None = None
        self.open = asyncio.Event()
        self.open.set()
        self._choose = random.Random(seed)

    async def partition(self, _topic: str, key: str) -> int:
        return partition_of(key, 3)

    async def append(self, documents: Sequence[Document], partition: int) -> int:
        assert {await self.partition(document["topic"], document["key"]) for document in documents} == {partition}
        await self.open.wait()
        if self.appended == self.silent_after:
            await asyncio.Event().wait()
        if self.refused in {(document["key"], document["sequence"]) for document in documents[:4]}:
            raise RecordRefused("never")
        self.appended += 1
        fails = self._choose.random() < self.failing
        if fails and self._choose.random() < 0.5:
            raise ConnectionError("not taken")
        for document in documents[:4]:
            self.streams[document["key"]].append(int(document["headers"]["ce_sequence"]))
        if fails:
            raise ConnectionError("taken, but the acknowledgement was lost")
        return len(documents[:4])


def first_seen(sequences: list[int]) -> list[int]:
    """What a consumer that drops duplicates sees."""
    return list(dict.fromkeys(sequences))


async def fill(write: WritePath, members: int, needs: int) -> None:
    """Commit `members` aggregates of `needs` + 2 events each."""

    async def admit(number: int) -> None:
        id = f"m{number}"
        needs_by_id = {f"n{count}": Need(nature="product", title=f"Need {count}") for count in range(needs)}
        event = applied(id, f"{number:09}")
        await write.execute(MEMBER, id, lambda state: rules.admit(state, event, {}, needs_by_id), Cause("test"))

    await asyncio.gather(*map(admit, range(members)))


def relay_of(mongo: Mongo, producer: FakeProducer, holder: str = "one", *, seconds: float = 60, **options: Any) -> Relay:
    lease = Lease(mongo, "relay", utc_now, holder=holder, seconds=seconds)
    return Relay(mongo, producer, lease, utc_now, Metrics(), poll=0.01, **options)


@asynccontextmanager
async def running(relay: Relay) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(relay.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def all_sent(mongo: Mongo) -> bool:
    return await mongo[OUTBOX].count_documents(UNSENT) == 0


async def test_order_is_kept_and_nothing_lost_when_publishing_fails_at_random(settings: Settings) -> None:
    producer = FakeProducer(failing=0.3)
    async with writing(settings) as write:
        relay = relay_of(write.mongo, producer, batch=50)
        async with running(relay):
            await fill(write, members=20, needs=8)
            await eventually(lambda: all_sent(write.mongo))
            await relay.stop()
        assert {key: first_seen(sent) for key, sent in producer.streams.items()} == {f"m{n}": list(range(1, 11)) for n in range(20)}
        repeated = sum(len(sent) - len(set(sent)) for sent in producer.streams.values())
        assert repeated > 0, "the producer should have lost an acknowledgement"
        async for document in write.mongo[OUTBOX].find():
            assert document["status"] == "sent"
            assert document["sent"] >= document["created"]


async def test_one_that_stops_without_a_word_is_replaced(settings: Settings) -> None:
    dead, alive = FakeProducer(), FakeProducer()
    dead.silent_after = 7
    async with writing(settings) as write:
        await fill(write, members=6, needs=8)
        async with running(relay_of(write.mongo, dead, seconds=1)):

            async def stuck() -> bool:
                return dead.appended == dead.silent_after

            await eventually(stuck)
        holder = await write.mongo[LEASES].find_one({"_id": "relay"})
        assert holder is not None
        assert holder["holder"] == "one"
        assert not alive.streams
        successor = relay_of(write.mongo, alive, holder="two")
        async with running(successor):
            await eventually(lambda: all_sent(write.mongo))
        # What the first had sent it could not mark: it comes again, and after it the rest, in order.
        for number in range(6):
            key = f"m{number}"
            assert first_seen(dead.streams[key] + alive.streams[key]) == list(range(1, 11))
            assert alive.streams[key] == sorted(alive.streams[key])


async def test_two_at_a_time_send_nothing_twice(settings: Settings) -> None:
    producer = FakeProducer()
    async with writing(settings) as write:
        first, two = (relay_of(write.mongo, producer, holder) for holder in ("one", "two"))
        async with running(first), running(two):
            await fill(write, members=20, needs=3)
            await eventually(lambda: all_sent(write.mongo))
        assert dict(producer.streams) == {f"m{n}": [1, 2, 3, 4, 5] for n in range(20)}


async def test_one_aggregate_that_cannot_be_sent_holds_no_other(settings: Settings) -> None:
    producer = FakeProducer()
    producer.refused = ("m3", 2)
    async with writing(settings) as write:
        await fill(write, members=10, needs=3)
        # Rounds smaller than what waits behind it: it must not fill them.
        async with running(relay_of(write.mongo, producer, batch=4)):

            async def rest_sent() -> bool:
                return await write.mongo[OUTBOX].count_documents(UNSENT) == 4

            await eventually(rest_sent)
        assert producer.streams["m3"] == [1]
        left = await write.mongo[OUTBOX].find(UNSENT).sort("_id", 1).to_list(None)
        assert [(document["key"], document["sequence"]) for document in left] == [("m3", n) for n in (2, 3, 4, 5)]


async def test_one_that_cannot_be_sent_does_not_stop_its_namesake_on_another_topic(settings: Settings) -> None:
    producer = FakeProducer()
    async with writing(settings) as write:
        # A contact has the id of its member.
        contact = ContactRecorded(member_id="m0", name="Zoë", email="zoe@post.example", language="it")
        await write.execute(CONTACT, "m0", lambda _: [contact], Cause("test"))
        await fill(write, members=1, needs=0)
        producer.refused = ("m0", 2)
        relay = relay_of(write.mongo, producer)
        await relay.round()
        await write.execute(CONTACT, "m0", lambda _: [contact.model_copy(update={"language": "en"})], Cause("test"))
        producer.refused = None
        relay.wake()
        await relay.round()
        left = await write.mongo[OUTBOX].find(UNSENT).to_list(None)
        assert [(document["topic"], document["sequence"]) for document in left] == [("registry.members", 2)]


async def test_a_stop_sends_everything_that_is_committed(settings: Settings) -> None:
    producer = FakeProducer()
    producer.open.clear()
    async with writing(settings) as write:
        relay = relay_of(write.mongo, producer, batch=7)
        async with running(relay) as task:
            await fill(write, members=10, needs=3)
            stopping = asyncio.create_task(relay.stop())
            await asyncio.wait([stopping], timeout=0.05)
            assert not stopping.done()
            producer.open.set()
            await asyncio.wait_for(stopping, 20)
            await asyncio.wait_for(task, 20)
        assert await all_sent(write.mongo)
        assert dict(producer.streams) == {f"m{n}": [1, 2, 3, 4, 5] for n in range(10)}
        assert await write.mongo[LEASES].count_documents({}) == 0


async def test_it_is_woken_by_a_commit(settings: Settings) -> None:
    producer = FakeProducer()
    async with writing(settings) as write:
        relay = Relay(write.mongo, producer, Lease(write.mongo, "relay", utc_now, holder="one"), utc_now, Metrics(), poll=3600)
        path = WritePath(write.mongo, "/distretti/writing", utc_now, relay.committed)
        async with running(relay):
            for number in range(3):
                await path.execute(MEMBER, f"m{number}", lambda _: [applied(pic=f"{number:09}")], Cause("test"))  # noqa: B023
                await eventually(lambda: all_sent(write.mongo))


async def test_only_what_was_sent_ever_expires(settings: Settings) -> None:
    async with writing(settings) as write:
        await fill(write, members=1, needs=0)
        expiring = {
            name: spec for name, spec in (await write.mongo[OUTBOX].index_information()).items() if "expireAfterSeconds" in spec
        }
        assert [(spec["key"], spec["expireAfterSeconds"]) for spec in expiring.values()] == [([("sent", 1)], 7 * 86_400)]
        # MongoDB never expires a document without the field: the relay alone sets it, together with the mark.
        assert await write.mongo[OUTBOX].count_documents({"sent": {"$exists": False}}) == 2
        await relay_of(write.mongo, FakeProducer()).round()
        async for document in write.mongo[OUTBOX].find():
            assert document["sent"] + timedelta(minutes=1) > utc_now()
