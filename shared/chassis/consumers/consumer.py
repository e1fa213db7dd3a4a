"""A subscription at work: fetched records become events, the handler applies them, offsets are committed only after that."""

import asyncio
import time
from collections.abc import Callable, Sequence, Set
from datetime import datetime
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import ConsumerStoppedError, KafkaError
from faststream.kafka import KafkaBroker

from shared.chassis.config import Settings
from shared.chassis.consumers.standstill import Standstill
from shared.chassis.dead_letters.executor import execute_action
from shared.chassis.dead_letters.operator_actions import was_dropped
from shared.chassis.inbox.dry_run import DryRunResult
from shared.chassis.inbox.handler import Handler
from shared.chassis.inbox.held_events import hold_undecodable, undecodable_id
from shared.chassis.inbox.message import Received, Record, from_document, receive
from shared.chassis.inbox.positions import is_temporary
from shared.chassis.kafka.group_member import Membership
from shared.chassis.kafka.subscription import Subscription
from shared.chassis.kafka.topic_reader import KafkaRecord
from shared.chassis.mongo import Document, Mongo
from shared.chassis.telemetry.metrics_and_traces import Metrics
from shared.contracts.envelope import Undecodable

log = structlog.get_logger()


class Consumer:
    """One handler with its subscription, in its consumer group. `replaced` names topics that were created again."""

    def __init__(
        self,
        broker: KafkaBroker,
        mongo: Mongo,
        settings: Settings,
        handler: Handler,
        clock: Callable[[], datetime],
        metrics: Metrics,
        replaced: Callable[[], Set[str]],
    ) -> None:
        self.name = handler.name
        self.topics = handler.topics
        self.last_progress = time.monotonic()
        self._mongo = mongo
        self._settings = settings
        self._handler = handler
        self._clock = clock
        self._metrics = metrics
        self._names = {settings.named(topic.name): topic.name for topic in handler.topics}
        self.membership = Membership(handler.name, self._names, settings.kafka_session_timeout, lambda: self.kafka)
        self._standstill = Standstill(self.membership, self._names, replaced)
        self._subscription = Subscription(broker, settings, handler.name, self._names, self.membership, self._handle)

    @property
    def kafka(self) -> AIOKafkaConsumer:
        """The client underneath, once started."""
        return self._subscription.kafka

    async def _handle(self, first: Any) -> None:
        """Take all fetched records, apply them, commit. Never raises: FastStream would pass over the record."""
        async with self.membership.turn:
            self.membership.leaving = False
            if not (records := self._standstill.usable([first, *await self._fetched()])):
                return
            self.membership.begin(records)
            self._metrics.batch.labels(self.name).observe(len(records))
            with self._metrics.handling.labels(self.name).time():
                applied = await self._apply(records)
            if applied:
                await self.membership.commit(records)
                self._metrics.handled.labels(self.name).inc(len(records))

    async def _fetched(self) -> list[KafkaRecord]:
        try:
            fetched = await self.kafka.getmany(timeout_ms=0, max_records=self._settings.batch - 1)
        except (KafkaError, ConsumerStoppedError) as error:
            log.warning("fetch_failed", consumer=self.name, error=repr(error))
            return []
        return [record for records in fetched.values() for record in records]

    async def _apply(self, records: Sequence[KafkaRecord]) -> bool:
        """Retry until the records are applied; while a dependency is down, fetch nothing but stay in the group."""
        pause = 0.05
        self.last_progress = time.monotonic()
        while True:
            try:
                await self._deliver(records)
            except Exception as error:
                if is_temporary(error):
                    # An outage is no fault of the consumer, which a restart might cure: it counts as progress.
                    self.last_progress = time.monotonic()
                    log.warning("consumer_retries", consumer=self.name, error=repr(error))
                else:
                    log.exception("consumer_failed", consumer=self.name)
            else:
                self.last_progress = time.monotonic()
                return True
            if self.membership.leaving:
                return False
            await self._idle(pause)
            pause = min(5.0, pause * 2)

    async def _deliver(self, records: Sequence[KafkaRecord]) -> None:
        batch: list[Received] = []
        for raw in records:
            record = Record(self._names[raw.topic], raw.partition, raw.offset, raw.key, tuple(raw.headers), raw.value)
            try:
                batch.append(receive(record))
            except Undecodable as error:
                if await was_dropped(self._mongo, undecodable_id(self.name, record)):
                    continue
                log.error("record_undecodable", consumer=self.name, topic=raw.topic, offset=raw.offset, reason=str(error))
                await hold_undecodable(self._mongo, self.name, record, str(error), self._clock())
        if batch:
            await self._handler.consume(batch)

    async def _idle(self, seconds: float) -> None:
        """Wait, polling paused partitions: a client that stops polling is removed from its group."""
        partitions = self.kafka.assignment() - self.kafka.paused()
        self.kafka.pause(*partitions)
        try:
            end = time.monotonic() + seconds
            while time.monotonic() < end and not self.membership.leaving:
                await self.kafka.getmany(timeout_ms=50)
                await asyncio.sleep(0.05)
        finally:
            self.kafka.resume(*(partitions & self.kafka.assignment()))

    async def redrive(self, actions: Sequence[Document] = ()) -> None:
        """Retry held events and execute the operators' actions on this consumer, between batches."""
        async with self.membership.turn:
            await self._standstill.resume()
            if not (partitions := self.membership.partitions()):
                return
            await self._handler.redrive(partitions)
            for action in actions:
                if action["consumer"] == self.name and action["partition"] in partitions.get(action["topic"], ()):
                    await execute_action(self._mongo, self._handler, action, self._clock)

    async def dry_run(self, entry: Document) -> DryRunResult:
        """Report what the retry of a dead letter would do, and change nothing."""
        if entry["lane"] is not None:
            return await self._handler.dry_run(entry["lane"], entry["sequence"])
        try:
            received = receive(from_document(entry["record"]))
        except Undecodable as error:
            return DryRunResult("undecodable", [str(error)])
        return DryRunResult("applied", [f"delivers it to {received.stream} as {received.sequence}, like a new record"])

    async def lag(self) -> int | None:
        """The number of records on its partitions not yet applied; None before partitions are assigned, and at a standstill."""
        return None if self._standstill.topics() else await self.membership.lag()

    def assigned(self) -> bool:
        """Whether the group has assigned partitions to this member."""
        return self.membership.joined

    def unassigned(self) -> set[str]:
        """The names on the broker of topics that it hears and has no partition of."""
        return self._names.keys() - {partition.topic for partition in self.kafka.assignment()}

    async def stop(self) -> None:
        """Finish the current batch, then leave the group."""
        self.membership.leaving = True
        await self._subscription.stop()
