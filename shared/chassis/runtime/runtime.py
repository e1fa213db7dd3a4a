"""A running service process."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar

import structlog
from opentelemetry.sdk.trace import SpanProcessor

from shared.chassis.build_info import read_build_info
from shared.chassis.clock import utc_now
from shared.chassis.config import Settings
from shared.chassis.consumers.consumer import Consumer
from shared.chassis.consumers.retry_loop import RetryLoop
from shared.chassis.consumers.topic_watch import TopicWatch
from shared.chassis.dead_letters.operator_actions import ACTIONS
from shared.chassis.dead_letters.operator_actions import INDEXES as ACTION_INDEXES
from shared.chassis.http.idempotency import IDEMPOTENCY, IdempotencyRecords
from shared.chassis.http.idempotency import indexes as idempotency_indexes
from shared.chassis.http.read_only_mode import ReadOnlyMode
from shared.chassis.inbox.handler import Handler
from shared.chassis.inbox.held_events import INDEXES as HELD_INDEXES
from shared.chassis.inbox.held_events import WAITING
from shared.chassis.inbox.positions import POSITIONS
from shared.chassis.inbox.topic_ids import TOPIC_IDS
from shared.chassis.kafka.admin import Admin
from shared.chassis.kafka.broker import make_broker, start_broker
from shared.chassis.kafka.topics import check_topics
from shared.chassis.mongo import Index, Mongo, ensure_indexes
from shared.chassis.outbox.backpressure import Backpressure
from shared.chassis.outbox.outbox import OUTBOX, outbox_indexes
from shared.chassis.outbox.producer import OutboxProducer
from shared.chassis.outbox.relay import Relay
from shared.chassis.projections.handler import ProjectionHandler
from shared.chassis.projections.projection import DIRTY
from shared.chassis.reactions.handler import ReactionHandler
from shared.chassis.runtime.collector import Collector
from shared.chassis.runtime.service import Service
from shared.chassis.telemetry.metrics_and_traces import Metrics, tracing
from shared.chassis.workers.lease import LEASES, Lease
from shared.chassis.workers.polling_worker import PollingWorker
from shared.chassis.workers.worker import Worker, supervise
from shared.chassis.writes.claims import CLAIM_INDEXES, CLAIMS
from shared.chassis.writes.write_path import WritePath

log = structlog.get_logger()
CLOSING_SECONDS = 3
W = TypeVar("W", bound=Worker)


class Runtime:
    """One process of a service: its stores, its relay, its consumers, its workers."""

    def __init__(
        self,
        service: Service,
        settings: Settings,
        clock: Callable[[], datetime] = utc_now,
        spans: SpanProcessor | None = None,
    ) -> None:
        self.service = service
        self.settings = settings
        self.clock = clock
        self.stopping = False
        self.metrics = Metrics()
        self.build = read_build_info(settings.commit)
        self.metrics.build.info(asdict(self.build))
        self.backpressure = Backpressure(settings.outbox_most)
        self.tracer = tracing(service.name, spans)
        self.mongo = Mongo(settings.mongo_url, settings.named(service.name), settings.mongo_timeout)
        self.read_only = ReadOnlyMode(self.mongo, clock)
        self.idempotency = IdempotencyRecords(self.mongo, settings, clock)
        self.import_lines = asyncio.Semaphore(settings.import_lines_at_once)
        self.broker = make_broker(settings, service.name)
        self.producer = OutboxProducer(settings, service.name)
        self.relay = Relay(self.mongo, self.producer, Lease(self.mongo, "relay", clock), clock, self.metrics)
        self.write = WritePath(self.mongo, f"/distretti/{service.name}", clock, self.relay.committed)
        handlers: list[Handler] = [
            *(ProjectionHandler(self.mongo, projection, clock, self.metrics) for projection in service.projections),
            *(ReactionHandler(self.write, reaction, clock, self.metrics, self.tracer) for reaction in service.reactions(self)),
        ]
        self._topics = {topic for handler in handlers for topic in handler.topics} | {a.topic for a in service.aggregates}
        self._admin = Admin(bootstrap_servers=settings.kafka_bootstrap, request_timeout_ms=3000)
        self.topic_watch = TopicWatch(self.mongo, self._admin, settings, self._topics, clock)
        self.consumers = [
            Consumer(self.broker, self.mongo, settings, handler, clock, self.metrics, lambda: self.topic_watch.replaced)
            for handler in handlers
        ]
        self.collector = Collector(self.mongo, self.metrics, self.backpressure, self.consumers, clock)
        self.workers = service.workers(self)
        self._tasks: list[asyncio.Task[None]] = []

    def worker(self, kind: type[W]) -> W:
        """The worker of this kind. Raises LookupError where the service has none."""
        for worker in self.workers:
            if isinstance(worker, kind):
                return worker
        raise LookupError(f"{self.service.name} has no {kind.__name__}")

    def wake(self, kind: type[PollingWorker]) -> None:
        """Wake the worker of this kind, where this process has one; that of another process polls."""
        for worker in self.workers:
            if isinstance(worker, kind):
                worker.wake()

    async def start(self) -> None:
        """Check the topics, create the indexes, then relay, consume and work. Raises TopicMissing."""
        await check_topics(self.settings.kafka_bootstrap, self.settings.namespace, self._topics)
        await ensure_indexes(self.mongo, {**self._own_indexes(), **self.service.indexes})
        await self._admin.start()
        await self.topic_watch.check()
        await self.producer.start()
        await start_broker(self.broker)
        chassis = [self.relay, self.topic_watch, RetryLoop(self.mongo, self.consumers), *self.collector.loops]
        background: list[Worker] = [*chassis, *self.workers]
        self._tasks = [asyncio.create_task(supervise(worker, lambda: self.stopping)) for worker in background]
        log.info("service_started", consumers=[consumer.name for consumer in self.consumers])

    def _own_indexes(self) -> dict[str, Sequence[Index]]:
        return {
            OUTBOX: outbox_indexes(self.settings.outbox_days),
            IDEMPOTENCY: idempotency_indexes(self.settings),
            WAITING: HELD_INDEXES,
            ACTIONS: ACTION_INDEXES,
            CLAIMS: CLAIM_INDEXES,
            **{name: [] for name in (LEASES, POSITIONS, TOPIC_IDS, DIRTY)},
            **{aggregate.collection: [] for aggregate in self.service.aggregates},
            **{projection.collection: [] for projection in self.service.projections},
        }

    async def missing(self) -> dict[str, str]:
        """Check each dependency; the result names the missing ones with the reason, and is empty in a ready service."""
        missing: dict[str, str] = {"process": "stopping"} if self.stopping else {}
        try:
            await asyncio.wait_for(self.mongo.ping(), 3)
        except Exception as error:
            missing["mongo"] = repr(error)
        try:
            await asyncio.wait_for(self._admin.describe_cluster(), 3)
        except Exception as error:
            missing["kafka"] = repr(error)
        reasons = await asyncio.gather(*(self._without_partitions(consumer) for consumer in self.consumers))
        unassigned = {consumer.name: reason for consumer, reason in zip(self.consumers, reasons, strict=True) if reason}
        return {**missing, **self.topic_watch.problems, **unassigned}

    async def _without_partitions(self, consumer: Consumer) -> str:
        """Why a consumer does not hear all of its topics; empty where it does, or where others of its group hold them."""
        if not consumer.assigned():
            return "no partitions yet"
        if not (topics := consumer.unassigned()):
            return ""
        try:
            topics -= await asyncio.wait_for(self._admin.held_topics(self.settings.named(consumer.name)), 3)
        except Exception as error:
            log.warning("group_unknown", consumer=consumer.name, error=repr(error))
        return f"no partitions of {', '.join(sorted(topics))}" if topics else ""

    async def stop(self) -> None:
        """Drain within the grace time, then close. What was not drained is stored: the next start continues with it."""
        log.info("service_stopping")
        self.stopping = True
        await _within(self.settings.grace / 2, "drain", self._drain())
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await _within(CLOSING_SECONDS, "broker", self.broker.stop())
        await _within(CLOSING_SECONDS, "producer", self.producer.stop())
        await _within(CLOSING_SECONDS, "admin", self._admin.close())
        self.mongo.close()
        log.info("service_stopped")

    async def _drain(self) -> None:
        """Finish batches and leave the groups, finish the workers, send what is committed."""
        await asyncio.gather(*(consumer.stop() for consumer in self.consumers))
        await asyncio.gather(*(worker.stop() for worker in self.workers))
        await self.relay.stop()


async def _within(seconds: float, part: str, stopping: Coroutine[Any, Any, None]) -> None:
    """Stop a part, for at most this long: what it talks to may be down."""
    try:
        await asyncio.wait_for(stopping, seconds)
    except Exception as error:
        log.warning("stop_incomplete", part=part, error=repr(error))
