"""The relay: sends the outbox to Kafka, per aggregate strictly in sequence, many partitions at once."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import chain
from typing import Protocol

import structlog

from shared.chassis.mongo import ASCENDING, Document, Mongo, ReadConcern
from shared.chassis.outbox.outbox import OUTBOX, UNSENT
from shared.chassis.outbox.producer import RecordRefused
from shared.chassis.outbox.relay_cache import RelayCache, Stream, stream_of
from shared.chassis.telemetry.metrics_and_traces import Metrics
from shared.chassis.workers.lease import Lease
from shared.chassis.workers.polling_worker import PollingWorker

log = structlog.get_logger()
SUSPENDED_SECONDS = 5.0
IDLE_SECONDS = 0.5


class Producer(Protocol):
    """What the relay needs of Kafka; `OutboxProducer` has it."""

    async def partition(self, topic: str, key: str) -> int: ...

    async def append(self, documents: Sequence[Document], partition: int) -> int: ...


class Relay(PollingWorker):
    """Sends commits of its own process at once; for those of other replicas it polls the outbox every `poll` seconds, less often,
    down to twice a second, while it finds nothing. `batch` events a round.
    """

    _lease: Lease

    def __init__(
        self,
        mongo: Mongo,
        producer: Producer,
        lease: Lease,
        clock: Callable[[], datetime],
        metrics: Metrics,
        *,
        batch: int = 500,
        poll: float = 0.1,
    ) -> None:
        super().__init__(self.round, name="relay", interval=poll, lease=lease)
        # A snapshot shows n wherever it shows n+1; a plain cursor may pass n before its commit.
        self._outbox = mongo[OUTBOX].with_options(read_concern=ReadConcern("snapshot"))
        self._mongo = mongo
        self._producer = producer
        self._clock = clock
        self._metrics = metrics
        self._batch = batch
        self._poll = poll
        self._cache = RelayCache(capacity=batch * 4)
        self._poll_at = 0.0
        self._suspended: dict[Stream, float] = {}

    def committed(self, documents: Sequence[Document]) -> None:
        """Cache committed outbox documents; while another replica has the lease, it finds them by polling."""
        if self._lease.held:
            self._cache.add(documents)
            super().wake()

    def wake(self) -> None:
        """Read the outbox now."""
        self._poll_at = 0.0
        super().wake()

    async def round(self) -> int:
        """Send one batch of unsent events and mark what was acknowledged; return how many."""
        sent = await self._send_batch(await self._unsent())
        self.interval = self._poll if sent else min(max(self._poll, IDLE_SECONDS), self.interval * 2)
        return sent

    async def _send_batch(self, unsent: Sequence[Document]) -> int:
        if not unsent:
            return 0
        partitions: dict[tuple[str, int], list[Document]] = defaultdict(list)
        for document in unsent:
            partition = await self._producer.partition(document["topic"], document["key"])
            partitions[document["topic"], partition].append(document)
        sending = (self._send(documents, partition) for (_, partition), documents in partitions.items())
        sent = list(chain.from_iterable(await asyncio.gather(*sending)))
        self._cache.mark_sent(sent)
        ids = [document["_id"] for document in sent]
        await self._mongo[OUTBOX].update_many({"_id": {"$in": ids}}, {"$set": {"status": "sent", "sent": self._clock()}})
        self._metrics.relayed.inc(len(sent))
        return len(sent)

    async def _unsent(self) -> list[Document]:
        """Take the cached commits; read the outbox when it is time, or when the cache does not know all."""
        now = time.monotonic()
        if now < self._poll_at:
            cached = self._cache.take()
            if cached or not self._cache.incomplete:
                return cached
        self._cache.incomplete = False
        self._suspended = {stream: until for stream, until in self._suspended.items() if until > now}
        suspended = {"$nor": [{"topic": topic, "key": key} for topic, key in self._suspended]} if self._suspended else {}
        unsent = await self._outbox.find({**UNSENT, **suspended}).sort("_id", ASCENDING).limit(self._batch).to_list(None)
        self._poll_at = now + self._poll if len(unsent) < self._batch else 0
        return list(unsent)

    async def _send(self, documents: list[Document], partition: int) -> list[Document]:
        """Send one partition's events in order, each record batch after the one before it was acknowledged."""
        sent: list[Document] = []
        while len(sent) < len(documents):
            remaining = documents[len(sent) :]
            try:
                count = await self._producer.append(remaining, partition)
            except RecordRefused:
                return sent + await self._send_singly(remaining, partition)
            except Exception as error:
                log.warning("publish_failed", topic=remaining[0]["topic"], partition=partition, error=repr(error))
                break
            sent += remaining[:count]
        return sent

    async def _send_singly(self, documents: list[Document], partition: int) -> list[Document]:
        """Find the event for which a batch was refused; its stream is suspended for some seconds, and no other."""
        sent: list[Document] = []
        for document in documents:
            if stream_of(document) in self._suspended:
                continue
            try:
                await self._producer.append([document], partition)
            except RecordRefused as error:
                log.error("event_refused", topic=document["topic"], sequence=document["sequence"], error=str(error))
                self._suspended[stream_of(document)] = time.monotonic() + SUSPENDED_SECONDS
            except Exception as error:
                log.warning("publish_failed", topic=document["topic"], partition=partition, error=repr(error))
                break
            else:
                sent.append(document)
        return sent

    async def stop(self) -> None:
        """End after the round under way, send what is left unless another replica does, and release the lease."""
        await self.finish()
        self.wake()
        while await self._lease.acquire() and await self.round():
            self.wake()
        await self._lease.release()
