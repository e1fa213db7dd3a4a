"""Whatever comes on a topic, each consumer of each service does with it what the corpus says, and goes on."""

import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import psutil
import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError

from distretti.cli.schemas import CONTRACTS
from distretti.ops.services import declarations
from shared.chassis.config import Settings
from shared.chassis.consumers.consumer import Consumer
from shared.chassis.inbox.held_events import WAITING
from shared.chassis.inbox.positions import POSITIONS, positions_of
from shared.chassis.kafka.topics import partition_of
from shared.chassis.mongo import Document
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.runtime.service import Service
from shared.contracts.base import TYPE_PREFIX
from shared.contracts.topics import BROKERAGE, CATALOGUE, DISTRICTS, MEMBERS, Topic
from tests.lib.services import eventually, serving
from tests.system.faults.malformed_records import CORPUS, Bad, Case, Fate

PARTITION = 0
BOUND = 300 * 2**20


@dataclass
class Thrown:
    """What was sent: where each case lies (partition and offset), and how far its healthy neighbour must come."""

    places: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    healthy: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def sample(topic: Topic) -> tuple[str, bytes]:
    """The first type of a topic, and the data of its first sample."""
    kind = topic.events[0]
    text = min((CONTRACTS / "samples" / kind.TYPE).glob("*.json")).read_text()
    return kind.TYPE, json.dumps(json.loads(text)).encode()


def good(topic: Topic, subject: str, sequence: int) -> Bad:
    """A record that is as it should be."""
    kind, value = sample(topic)
    headers = {
        "ce_specversion": "1.0",
        "ce_id": f"{topic.name}-{subject}-{sequence}",
        "ce_type": TYPE_PREFIX + kind,
        "ce_source": "/distretti/tests",
        "ce_subject": subject,
        "ce_time": "2026-11-22T10:00:00.000Z",
        "ce_sequence": str(sequence),
        "reply_to": DISTRICTS.name,
        "correlation_id": "stranger",
    }
    return Bad(subject.encode(), tuple((name, text.encode()) for name, text in headers.items()), value)


def on_the_partition(topic: Topic, name: str) -> str:
    """An id that begins so, and belongs on the partition that all of this happens on."""
    return next(id for n in count() if partition_of(id := f"{name}-{n}", topic.partitions) == PARTITION)


def victim(topic: Topic, number: int) -> str:
    return on_the_partition(topic, f"victim-{number}")


def healthy(topic: Topic) -> str:
    return on_the_partition(topic, "healthy")


class Thrower:
    """Sends records to one partition of each topic; a good fact to where it belongs."""

    def __init__(self, settings: Settings, producer: AIOKafkaProducer) -> None:
        self._settings = settings
        self._producer = producer
        self.sent: dict[str, int] = defaultdict(int)

    async def send(self, topic: Topic, record: Bad, partition: int = PARTITION) -> tuple[int, int]:
        self.sent[topic.name] += 1
        name, place = self._settings.named(topic.name), (partition + record.partition_offset) % topic.partitions
        done = await self._producer.send_and_wait(name, record.value, record.key, partition=place, headers=[*self._reply(record)])
        return place, int(done.offset)

    async def send_valid(self, topic: Topic, id: str) -> None:
        """Send a first event that is as it should be."""
        await self.send(topic, good(topic, id, 1), partition_of(id, topic.partitions))

    def _reply(self, record: Bad) -> Iterable[tuple[str, bytes | None]]:
        named = self._settings.named(DISTRICTS.name).encode()
        return ((name, named if name == "reply_to" else value) for name, value in record.headers)


async def facts(thrower: Thrower, topics: Iterable[Topic]) -> None:
    """Tell first what the samples speak of: the organisations and the brokerage events."""
    members: set[str] = set()
    events: set[str] = set()

    def collect(value: Any, name: str = "") -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                collect(inner, key)
        elif isinstance(value, list):
            for inner in value:
                collect(inner, name)
        elif name in ("member_id", "by", "towards", "members", "others"):
            members.add(value)
        elif name == "event_id":
            events.add(value)

    for topic in topics:
        collect(json.loads(sample(topic)[1]))
    for id in sorted(members):
        await thrower.send_valid(MEMBERS, id)
    for id in sorted(events):
        await thrower.send_valid(BROKERAGE, id)


async def throw(thrower: Thrower, topics: Iterable[Topic]) -> Thrown:
    """On each topic, for each case: a good event, the bad one, and one of a healthy neighbour on the same partition."""
    thrown = Thrown()
    for topic in topics:
        for number, case in enumerate(CORPUS):
            await thrower.send(topic, good(topic, victim(topic, number), 1))
            bad = case.spoil(good(topic, victim(topic, number), 2))
            if fate_on(topic, case) == "refused":
                with pytest.raises(KafkaError):
                    await thrower.send(topic, bad)
                continue
            thrown.places[topic.name, case.name] = await thrower.send(topic, bad)
            thrown.healthy[topic.name] += 1
            await thrower.send(topic, good(topic, healthy(topic), thrown.healthy[topic.name]))
    return thrown


@pytest.mark.timeout(420)
@pytest.mark.parametrize("service", declarations(), ids=lambda service: service.name)
async def test_every_consumer_goes_on_whatever_comes(service: Service, settings: Settings) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=settings.kafka_bootstrap, linger_ms=0)
    async with serving(service, settings) as (runtime, http):
        if not runtime.consumers:
            pytest.skip(f"{service.name} hears nobody yet")
        subscriptions = {consumer.name: consumer.topics for consumer in runtime.consumers}
        topics = [topic for topic in CATALOGUE if any(topic in subscribed for subscribed in subscriptions.values())]
        before = psutil.Process().memory_info().rss
        await producer.start()
        try:
            thrower = Thrower(settings, producer)
            await facts(thrower, topics)
            thrown = await throw(thrower, topics)
        finally:
            await producer.stop()
        for consumer in runtime.consumers:
            await eventually(at_rest(consumer), 180)
        wrong: list[str] = []

        async def as_the_corpus_says() -> bool:
            # A reaction may still wait for a fact that another consumer has just applied.
            wrong[:] = [
                f"{consumer.name} {topic.name} {case.name}: {failure}"
                for consumer in runtime.consumers
                for topic in consumer.topics
                for number, case in enumerate(CORPUS)
                if fate_on(topic, case) != "refused"
                if (failure := await wrong_fate(runtime, consumer.name, topic, case, number, thrown))
            ]
            return not wrong

        with suppress(AssertionError):
            await eventually(as_the_corpus_says, 30)
        assert wrong == []
        for name, topics_of_consumer in subscriptions.items():
            streams = {f"{topic.name}|{healthy(topic)}": thrown.healthy[topic.name] for topic in topics_of_consumer}
            reached = await positions_of(runtime.mongo, name, streams)
            assert {stream: position.sequence for stream, position in reached.items()} == streams
        assert (await http.get("/health/live")).status_code == 200
        assert psutil.Process().memory_info().rss - before < BOUND
        assert await counted(runtime, DISTRICTS) == thrower.sent[DISTRICTS.name], "something was published to a reply_to"


def at_rest(consumer: Consumer) -> Callable[[], Awaitable[bool]]:
    async def probe() -> bool:
        return consumer.assigned() and await consumer.lag() == 0

    return probe


async def counted(runtime: Runtime, topic: Topic) -> int:
    """How many records are on a topic."""
    places = [TopicPartition(runtime.settings.named(topic.name), number) for number in range(topic.partitions)]
    return sum((await runtime.consumers[0].kafka.end_offsets(places)).values())


def fate_on(topic: Topic, case: Case) -> Fate:
    if case.name == "another partition" and topic.partitions == 1:
        return "applied"  # there is no other
    return (case.compacted or case.fate) if topic.compacted else case.fate


async def wrong_fate(runtime: Runtime, consumer: str, topic: Topic, case: Case, number: int, thrown: Thrown) -> str | None:
    """Say how a case's fate differs from the one it must have."""
    stream = f"{topic.name}|{victim(topic, number)}"
    position: Document = await runtime.mongo[POSITIONS].find_one({"_id": f"{consumer}|{stream}"}) or {"sequence": 0}
    partition, offset = thrown.places[topic.name, case.name]
    query = {"consumer": consumer, "record.topic": topic.name, "record.partition": partition, "record.offset": offset}
    entry = await runtime.mongo[WAITING].find_one(query)
    if entry is None:
        outcome = {1: "known", 2: "past"}.get(position["sequence"], "past")
    else:
        outcome = "undecodable" if entry["lane"] is None else {"parked": "parked", "gap": "held"}.get(entry["kind"], entry["kind"])
    fate = fate_on(topic, case)
    expected = {"unknown": {"past"}, "applied": {"past"}, "settled": {"past", "parked"}}.get(fate, {fate})
    if outcome not in expected:
        return f"{outcome} at {position['sequence']}, {fate} was expected; {entry and entry['reason']}"
    if entry is not None and case.reason not in entry["reason"]:
        return f"the reason does not name {case.reason!r}: {entry['reason']}"
    if entry is not None and len(entry["reason"]) > 2000:
        return "its reason is too long"
    return None
