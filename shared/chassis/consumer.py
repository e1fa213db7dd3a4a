"""A subscription: FastStream fetches, the inbox applies, offsets are committed only after that."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeAlias

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import ConsumerStoppedError, IllegalStateError, KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaAckableMessage

from shared.chassis.mongo import Document, Mongo, is_outage, is_transient
from shared.chassis.parked.acts import was_dropped
from shared.chassis.parked.carrying import carry_out
from shared.chassis.parked.rehearsal import Rehearsal
from shared.chassis.positions import Superseded
from shared.chassis.received import Received, Record, from_document, receive
from shared.chassis.settings import Settings
from shared.chassis.telemetry import Metrics
from shared.chassis.waiting import Places, park_undecodable, stranded_lanes, undecodable_id
from shared.contracts.envelope import Undecodable
from shared.contracts.topics import Topic

log = structlog.get_logger()
FETCH_BYTES, PARTITION_BYTES = 8_388_608, 1_048_576
SWEEP_SECONDS = 5
KafkaRecord: TypeAlias = "ConsumerRecord[bytes | None, bytes | None]"


class Handler(Protocol):
    """What a subscription feeds: a projection or a reaction."""

    name: str
    topics: tuple[Topic, ...]

    async def consume(self, batch: Sequence[Received]) -> None: ...

    async def redrive(self, places: Places) -> None: ...

    async def resume(self, lane: str, retried: int | None = None) -> None: ...

    async def rehearse(self, lane: str, retried: int) -> Rehearsal: ...


async def sweep(mongo: Mongo, handler: Handler, places: Places) -> None:
    """Go on with what a handover left behind in the waiting room."""
    for lane in await stranded_lanes(mongo, handler.name, places):
        await handler.resume(lane)


async def keep_raw(record: Any) -> KafkaAckableMessage:
    """Pass a record on unread: FastStream's own parser fails on null and non-UTF-8 headers, and obeys reply_to."""
    return KafkaAckableMessage(body=b"", headers={}, raw_message=record, consumer=record)


async def give_raw(message: Any) -> Any:
    """Hand the raw record to the handler."""
    return message.raw_message


class Consumer(ConsumerRebalanceListener):  # type: ignore[misc]
    """One handler's membership in its consumer group."""

    def __init__(
        self,
        broker: KafkaBroker,
        mongo: Mongo,
        settings: Settings,
        handler: Handler,
        clock: Callable[[], datetime],
        metrics: Metrics,
    ) -> None:
        self.name = handler.name
        self.topics = handler.topics
        self.last_turn = time.monotonic()
        self._sweep_at = 0.0
        self._mongo = mongo
        self._settings = settings
        self._handler = handler
        self._clock = clock
        self._metrics = metrics
        self._turn = asyncio.Lock()
        self._revoking = False
        self._joined = False
        self._reached: dict[TopicPartition, int] = {}
        self._names = {settings.named(topic.name): topic.name for topic in handler.topics}
        session = int(settings.kafka_session_timeout * 1000)
        self._subscriber = broker.subscriber(
            *self._names,
            group_id=settings.named(handler.name),
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.MANUAL,
            no_reply=True,
            parser=keep_raw,
            decoder=give_raw,
            listener=self,
            session_timeout_ms=session,
            # A rebalance waits for the next heartbeat of every member.
            heartbeat_interval_ms=min(500, session // 5),
            fetch_max_wait_ms=500,
            # The client fetches nothing of a partition while it holds some unapplied: this for each is all it ever hoards.
            fetch_max_bytes=FETCH_BYTES,
            max_partition_fetch_bytes=PARTITION_BYTES,
        )
        self._subscriber(self._handle)

    @property
    def kafka(self) -> AIOKafkaConsumer:
        """The client underneath, once started."""
        assert self._subscriber.consumer is not None
        return self._subscriber.consumer

    async def _handle(self, first: Any) -> None:
        """Take what else has been fetched, apply all of it, commit. Never raises: FastStream would pass over it."""
        async with self._turn:
            self._revoking = False
            records = [first, *await self._fetched()]
            for record in reversed(records):
                self._reached[TopicPartition(record.topic, record.partition)] = record.offset
            self._metrics.batch.labels(self.name).observe(len(records))
            with self._metrics.handling.labels(self.name).time():
                applied = await self._apply(records)
            if applied:
                await self._commit(records)
                self._metrics.handled.labels(self.name).inc(len(records))

    async def _fetched(self) -> list[KafkaRecord]:
        try:
            lanes = await self.kafka.getmany(timeout_ms=0, max_records=self._settings.batch - 1)
        except (KafkaError, ConsumerStoppedError) as error:
            log.warning("fetch_failed", consumer=self.name, error=repr(error))
            return []
        return [record for records in lanes.values() for record in records]

    async def _apply(self, records: list[KafkaRecord]) -> bool:
        """Apply until it is done; while something is down, fetch nothing but stay in the group."""
        pause = 0.05
        while True:
            self.last_turn = time.monotonic()
            try:
                await self._deliver(records)
            except Exception as error:
                if not (isinstance(error, Superseded) or is_outage(error) or is_transient(error)):
                    log.exception("consumer_failed", consumer=self.name)
                else:
                    log.warning("consumer_waits", consumer=self.name, error=repr(error))
            else:
                return True
            if self._revoking:
                return False
            await self._idle(pause)
            pause = min(5.0, pause * 2)

    async def _deliver(self, records: list[KafkaRecord]) -> None:
        batch: list[Received] = []
        for raw in records:
            record = Record(self._names[raw.topic], raw.partition, raw.offset, raw.key, tuple(raw.headers), raw.value)
            try:
                batch.append(receive(record))
            except Undecodable as error:
                if await was_dropped(self._mongo, undecodable_id(self.name, record)):
                    continue
                log.error("record_parked", consumer=self.name, topic=raw.topic, offset=raw.offset, reason=str(error))
                await park_undecodable(self._mongo, self.name, record, str(error), self._clock())
        if batch:
            await self._handler.consume(batch)

    async def _idle(self, seconds: float) -> None:
        """Wait, polling paused partitions: a client that stops polling is put out of its group."""
        partitions = self.kafka.assignment()
        self.kafka.pause(*partitions)
        try:
            end = time.monotonic() + seconds
            while time.monotonic() < end and not self._revoking:
                await self.kafka.getmany(timeout_ms=50)
                await asyncio.sleep(0.05)
        finally:
            self.kafka.resume(*(partitions & self.kafka.assignment()))

    async def _commit(self, records: list[KafkaRecord]) -> None:
        offsets = {TopicPartition(record.topic, record.partition): record.offset + 1 for record in records}
        self._reached |= offsets
        mine = {partition: offset for partition, offset in offsets.items() if partition in self.kafka.assignment()}
        try:
            await self.kafka.commit(mine)
        except (IllegalStateError, KafkaError) as error:
            # What was applied is known by its positions: it will come again and be dropped.
            log.warning("commit_failed", consumer=self.name, error=repr(error))

    async def on_partitions_revoked(self, revoked: Any) -> None:
        """Finish the batch under way before another member gets these partitions."""
        self._joined = False
        self._reached.clear()
        if not revoked:
            return
        self._revoking = True
        try:
            await asyncio.wait_for(self._turn.acquire(), self._settings.kafka_session_timeout)
        except TimeoutError:
            log.warning("revoked_while_busy", consumer=self.name)
        else:
            self._turn.release()

    async def on_partitions_assigned(self, assigned: Any) -> None:
        """Start from the committed offsets; where there are more members than partitions, one gets none."""
        self._joined = True

    async def redrive(self, asked: Sequence[Document] = ()) -> None:
        """Try again what waits for a fact, and do what operators asked of this consumer, between batches."""
        async with self._turn:
            if not (mine := self._places()):
                return
            await self._handler.redrive(mine)
            if time.monotonic() > self._sweep_at:
                self._sweep_at = time.monotonic() + SWEEP_SECONDS
                await sweep(self._mongo, self._handler, mine)
            for act in asked:
                if act["consumer"] == self.name and act["partition"] in mine.get(act["topic"], ()):
                    await carry_out(self._mongo, self._handler, act, self._clock)

    def _places(self) -> Places:
        """Give this member's partitions by topic. On others' partitions a batch may be under way that a redrive would cross."""
        places: dict[str, set[int]] = defaultdict(set)
        for place in self.kafka.assignment() if self.assigned() else ():
            places[self._names[place.topic]].add(place.partition)
        return places

    async def rehearse(self, entry: Document) -> Rehearsal:
        """Tell what a retry of a parked entry would do, and change nothing."""
        if entry["lane"] is not None:
            return await self._handler.rehearse(entry["lane"], entry["sequence"])
        try:
            received = receive(from_document(entry["record"]))
        except Undecodable as error:
            return Rehearsal("undecodable", [str(error)])
        return Rehearsal("applied", [f"gives it to {received.lane} as {received.sequence}, as if it came just now"])

    async def lag(self) -> int | None:
        """Count the records on this member's partitions that it has yet to apply; None while its share is not known."""
        if not self.assigned():
            return None
        partitions = self.kafka.assignment()
        ends = await self.kafka.end_offsets(partitions)
        total = 0
        for partition, end in ends.items():
            reached = self._reached.get(partition)
            total += end - (await self.kafka.committed(partition) or 0 if reached is None else reached)
        return total

    def assigned(self) -> bool:
        """Tell whether the group has given this member its share."""
        return self._joined

    async def stop(self) -> None:
        """Let the batch under way end (FastStream waits for it), then leave the group."""
        self._revoking = True
        await self._subscriber.stop()
