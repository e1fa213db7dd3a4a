"""A service as it is declared, and the runtime that carries it."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import structlog
from aiokafka.admin import AIOKafkaAdminClient
from fastapi import APIRouter
from opentelemetry.sdk.trace import SpanProcessor

from shared.chassis.clock import utc_now
from shared.chassis.config import Settings
from shared.chassis.consumers.consumer import Consumer
from shared.chassis.dead_letters.operator_actions import ACTS, pending
from shared.chassis.dead_letters.operator_actions import INDEXES as ACT_INDEXES
from shared.chassis.http.commands import IDEMPOTENCY
from shared.chassis.http.read_only_mode import Gate
from shared.chassis.inbox.handler import Handler
from shared.chassis.inbox.held_events import INDEXES as HELD_INDEXES
from shared.chassis.inbox.held_events import WAITING
from shared.chassis.inbox.positions import POSITIONS
from shared.chassis.kafka.broker import make_broker, start_broker
from shared.chassis.kafka.topics import check_topics
from shared.chassis.mongo import Document, Index, Mongo, ensure_indexes
from shared.chassis.outbox.backpressure import Backlog
from shared.chassis.outbox.outbox import OUTBOX, outbox_indexes
from shared.chassis.outbox.producer import Sender
from shared.chassis.outbox.relay import Relay
from shared.chassis.projections.consumer import ProjectionConsumer
from shared.chassis.projections.projection import DIRTY, Projection
from shared.chassis.reactions.consumer import ReactionConsumer
from shared.chassis.reactions.reaction import Reaction
from shared.chassis.runtime.collector import measures
from shared.chassis.telemetry.metrics_and_traces import Metrics, tracing
from shared.chassis.texts import Texts
from shared.chassis.workers.lease import LEASES, Lease, holder
from shared.chassis.writes.aggregate import Aggregate
from shared.chassis.writes.write_path import CLAIM_INDEXES, CLAIMS, WritePath

log = structlog.get_logger()
CLOSING_SECONDS = 3
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0


class Worker(Protocol):
    """Something that runs beside the requests: the mail sender, the ranking process."""

    async def run(self) -> None: ...

    async def stop(self) -> None: ...


def none_of(_runtime: "Runtime") -> Sequence[Any]:
    """Declare none."""
    return ()


def nothing_due(_now: datetime) -> Mapping[str, Document]:
    """Have nothing that workers would do."""
    return {}


@dataclass(frozen=True)
class Service:
    """What a service is: its API, what it owns, what it folds, what it reacts to, what works beside."""

    name: str
    router: APIRouter
    aggregates: tuple[Aggregate[Any], ...] = ()
    projections: tuple[Projection[Any], ...] = ()
    reactions: "Callable[[Runtime], Sequence[Reaction]]" = none_of
    workers: "Callable[[Runtime], Sequence[Worker]]" = none_of
    streamed: tuple[str, ...] = ()
    """Paths of bulk imports, which read their body piece by piece."""
    indexes: Mapping[str, Sequence[Index]] = field(default_factory=dict)
    texts: Texts = field(default_factory=lambda: Texts("shared.chassis"))
    due: Callable[[datetime], Mapping[str, Document]] = nothing_due
    """What its workers have to do now: by collection, the query that finds it. At rest nothing matches."""


class Runtime:
    """One running service process: its stores, its relay, its consumers, its workers."""

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
        self.backlog = Backlog(settings.outbox_most, self.metrics)
        self.tracer = tracing(service.name, spans)
        self.mongo = Mongo(settings.mongo_url, settings.named(service.name), settings.mongo_timeout)
        self.gate = Gate(self.mongo, clock)
        self.broker = make_broker(settings, service.name)
        lease = Lease(self.mongo, "relay", holder(), clock)
        self.sender = Sender(settings, service.name)
        self.relay = Relay(self.mongo, self.sender, lease, clock, self.metrics)
        self.write = WritePath(self.mongo, f"/distretti/{service.name}", clock, self.relay.committed)
        handlers: list[Handler] = [
            *(ProjectionConsumer(self.mongo, projection, clock, self.metrics) for projection in service.projections),
            *(ReactionConsumer(self.write, reaction, clock, self.metrics, self.tracer) for reaction in service.reactions(self)),
        ]
        self.consumers = [Consumer(self.broker, self.mongo, settings, handler, clock, self.metrics) for handler in handlers]
        self.workers = service.workers(self)
        self._admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka_bootstrap, request_timeout_ms=3000)
        self._topics = {topic for handler in handlers for topic in handler.topics} | {a.topic for a in service.aggregates}
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Check the topics, make the indexes, then relay, consume and work. Raises TopicMissing."""
        await check_topics(self.settings.kafka_bootstrap, self.settings.namespace, self._topics)
        await ensure_indexes(self.mongo, {**self._own_indexes(), **self.service.indexes})
        await self._admin.start()
        await self.sender.start()
        await start_broker(self.broker)
        running = [self.relay.run(), self._redrive(), *measures(self), *(self._work(worker) for worker in self.workers)]
        self._tasks = [asyncio.create_task(work) for work in running]
        log.info("service_started", consumers=[consumer.name for consumer in self.consumers])

    def _own_indexes(self) -> dict[str, Sequence[Index]]:
        seconds = int(self.settings.idempotency_hours * 3600)
        return {
            OUTBOX: outbox_indexes(self.settings.outbox_days),
            IDEMPOTENCY: [([("created", 1)], {"expireAfterSeconds": seconds})],
            WAITING: HELD_INDEXES,
            ACTS: ACT_INDEXES,
            CLAIMS: CLAIM_INDEXES,
            **{name: [] for name in (LEASES, POSITIONS, DIRTY)},
            **{aggregate.collection: [] for aggregate in self.service.aggregates},
            **{projection.collection: [] for projection in self.service.projections},
        }

    async def _redrive(self) -> None:
        """Give what waits for a fact another try and do what operators asked, twice a second.

        A task a consumer: one that is busy, with its turn or with MongoDB, holds up no other.
        """
        under_way: dict[str, asyncio.Task[None]] = {}
        try:
            while True:
                await asyncio.sleep(0.5)
                asked: list[Document] = []
                try:
                    asked = await pending(self.mongo)
                except Exception as error:
                    log.warning("acts_unread", error=repr(error))
                for consumer in self.consumers:
                    if (task := under_way.get(consumer.name)) is None or task.done():
                        under_way[consumer.name] = asyncio.create_task(_redrive_one(consumer, asked))
        finally:
            for task in under_way.values():
                task.cancel()

    async def _work(self, worker: Worker) -> None:
        """Run a worker until it ends by itself; one that fails is run again."""
        pause = FIRST_PAUSE
        while not self.stopping:
            try:
                await worker.run()
            except Exception:
                log.exception("worker_failed", worker=type(worker).__name__, again_in=pause)
            else:
                return
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)

    async def ready(self) -> dict[str, str]:
        """Ask each dependency; the answer names what is missing, and is empty when all is well."""
        missing: dict[str, str] = {"process": "stopping"} if self.stopping else {}
        try:
            await asyncio.wait_for(self.mongo.ping(), 3)
        except Exception as error:
            missing["mongo"] = repr(error)
        try:
            await asyncio.wait_for(self._admin.describe_cluster(), 3)
        except Exception as error:
            missing["kafka"] = repr(error)
        for consumer in self.consumers:
            if not consumer.assigned():
                missing[consumer.name] = "no partitions yet"
        return missing

    async def stop(self) -> None:
        """Drain within the grace time, then close. What could not be drained is stored: the next start goes on with it."""
        log.info("service_stopping")
        self.stopping = True
        await _within(self.settings.grace / 2, "drain", self._drain())
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await _within(CLOSING_SECONDS, "broker", self.broker.stop())
        await _within(CLOSING_SECONDS, "sender", self.sender.stop())
        await _within(CLOSING_SECONDS, "admin", self._admin.close())
        self.mongo.close()
        log.info("service_stopped")

    async def _drain(self) -> None:
        """Finish batches and leave the groups, finish the workers, send what is committed."""
        await asyncio.gather(*(consumer.stop() for consumer in self.consumers))
        await asyncio.gather(*(worker.stop() for worker in self.workers))
        await self.relay.stop()


async def _redrive_one(consumer: Consumer, asked: Sequence[Document]) -> None:
    try:
        await consumer.redrive(asked)
    except Exception as error:
        log.warning("redrive_failed", consumer=consumer.name, error=repr(error))


async def _within(seconds: float, part: str, stopping: Coroutine[Any, Any, None]) -> None:
    """Stop a part, but not for longer than this: what it talks to may be gone."""
    try:
        await asyncio.wait_for(stopping, seconds)
    except Exception as error:
        log.warning("stop_incomplete", part=part, error=repr(error))
