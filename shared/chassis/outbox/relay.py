"""The relay: sends the outbox to Kafka, per aggregate strictly in sequence, many partitions at once."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import chain
from typing import Protocol

import structlog

from shared.chassis.mongo import ASCENDING, Document, Mongo, ReadConcern
from shared.chassis.outbox.outbox import OUTBOX, UNSENT
from shared.chassis.outbox.producer import Refused
from shared.chassis.outbox.relay_cache import Handover, Lane, lane_of
from shared.chassis.telemetry.metrics_and_traces import Metrics
from shared.chassis.workers.lease import Lease

log = structlog.get_logger()
STOPPED_SECONDS = 5.0
CALM_SECONDS = 0.5


class Broker(Protocol):
    """What the relay needs of Kafka; `shared.chassis.outbox.producer` has it."""

    async def partition(self, topic: str, key: str) -> int: ...

    async def append(self, documents: Sequence[Document], partition: int) -> int: ...


class Relay:
    """Given each commit of its process at once. For those of other replicas it looks at the outbox every `poll` seconds,
    and less often, down to twice a second, the longer it finds nothing. `batch` events a round.
    """

    def __init__(
        self,
        mongo: Mongo,
        broker: Broker,
        lease: Lease,
        clock: Callable[[], datetime],
        metrics: Metrics,
        *,
        batch: int = 500,
        poll: float = 0.1,
    ) -> None:
        # A snapshot shows n wherever it shows n+1; a plain cursor may pass n before its commit.
        self._outbox = mongo[OUTBOX].with_options(read_concern=ReadConcern("snapshot"))
        self._mongo = mongo
        self._broker = broker
        self._lease = lease
        self._clock = clock
        self._metrics = metrics
        self._batch = batch
        self._poll = poll
        self._handover = Handover(most=batch * 4)
        self._look_at = 0.0
        self._mine = False
        self._stopped: dict[Lane, float] = {}
        self._wake = asyncio.Event()
        self._turn = asyncio.Lock()
        self._stopping = False

    def committed(self, documents: Sequence[Document]) -> None:
        """Take what was just committed to the outbox; while another replica has the lease, that one finds it."""
        if self._mine:
            self._handover.give(documents)
            self._wake.set()

    def wake(self) -> None:
        """Look at the outbox at once."""
        self._look_at = 0.0
        self._wake.set()

    async def run(self) -> None:
        """Send until told to stop; failures are logged and tried again, nothing is passed over."""
        pause = self._poll
        while not self._stopping:
            self._wake.clear()
            sent = 0
            try:
                async with self._turn:
                    self._mine = await self._lease.hold()
                    sent = await self.round() if self._mine else 0
                pause = self._poll if sent else min(max(self._poll, CALM_SECONDS), pause * 2)
            except Exception as error:
                log.warning("relay_failed", error=repr(error))
                pause = min(5.0, pause * 2)
            if not sent:
                await self._sleep(pause)

    async def round(self) -> int:
        """Send one batch of unsent events and mark what was acknowledged; return how many."""
        found = await self._unsent()
        if not found:
            return 0
        lanes: dict[tuple[str, int], list[Document]] = defaultdict(list)
        for document in found:
            partition = await self._broker.partition(document["topic"], document["key"])
            lanes[document["topic"], partition].append(document)
        sending = (self._send(lane, partition) for (_, partition), lane in lanes.items())
        sent = list(chain.from_iterable(await asyncio.gather(*sending)))
        self._handover.sent(sent)
        ids = [document["_id"] for document in sent]
        await self._mongo[OUTBOX].update_many({"_id": {"$in": ids}}, {"$set": {"status": "sent", "sent": self._clock()}})
        self._metrics.relayed.inc(len(sent))
        return len(sent)

    async def _unsent(self) -> list[Document]:
        """Take what was handed over; look at the outbox when it is time, or when memory does not know it all."""
        now = time.monotonic()
        if now < self._look_at:
            handed = self._handover.take()
            if handed or not self._handover.incomplete:
                return handed
        self._handover.incomplete = False
        self._stopped = {lane: until for lane, until in self._stopped.items() if until > now}
        stopped = {"$nor": [{"topic": topic, "key": key} for topic, key in self._stopped]} if self._stopped else {}
        found = await self._outbox.find({**UNSENT, **stopped}).sort("_id", ASCENDING).limit(self._batch).to_list(None)
        self._look_at = now + self._poll if len(found) < self._batch else 0
        return list(found)

    async def _send(self, lane: list[Document], partition: int) -> list[Document]:
        """Send one partition's events in order, each record batch after the one before it was acknowledged."""
        sent: list[Document] = []
        while len(sent) < len(lane):
            rest = lane[len(sent) :]
            try:
                count = await self._broker.append(rest, partition)
            except Refused:
                return sent + await self._send_singly(rest, partition)
            except Exception as error:
                log.warning("publish_failed", topic=rest[0]["topic"], partition=partition, error=repr(error))
                break
            sent += rest[:count]
        return sent

    async def _send_singly(self, lane: list[Document], partition: int) -> list[Document]:
        """Find which event of a refused batch is at fault; it stops its own aggregate, for some seconds, and no other."""
        sent: list[Document] = []
        for document in lane:
            if lane_of(document) in self._stopped:
                continue
            try:
                await self._broker.append([document], partition)
            except Refused as error:
                log.error("event_refused", topic=document["topic"], sequence=document["sequence"], error=str(error))
                self._stopped[lane_of(document)] = time.monotonic() + STOPPED_SECONDS
            except Exception as error:
                log.warning("publish_failed", topic=document["topic"], partition=partition, error=repr(error))
                break
            else:
                sent.append(document)
        return sent

    async def _sleep(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), seconds)

    async def stop(self) -> None:
        """End after the round under way, send what is left unless another replica does, and give the lease back."""
        self._stopping = True
        self._wake.set()
        async with self._turn:
            self.wake()
            while await self._lease.hold() and await self.round():
                self.wake()
        await self._lease.release()
