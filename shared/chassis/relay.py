"""The relay: sends the outbox to Kafka, per aggregate strictly in sequence, many aggregates at once."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from itertools import chain

import structlog

from shared.chassis.lease import Lease
from shared.chassis.mongo import ASCENDING, Document, Mongo, ReadConcern
from shared.chassis.outbox import OUTBOX, UNSENT
from shared.chassis.telemetry import Metrics

log = structlog.get_logger()
Publish = Callable[[str, str, str, dict[str, str]], Awaitable[None]]
"""Send (topic, key, value, headers) and return when every in-sync replica has it."""


class Relay:
    """Woken after each commit, and polling every `poll` seconds as a safety net. `batch` events a round."""

    def __init__(
        self,
        mongo: Mongo,
        publish: Publish,
        lease: Lease,
        clock: Callable[[], datetime],
        metrics: Metrics,
        *,
        batch: int = 500,
        poll: float = 0.25,
    ) -> None:
        # A snapshot shows n wherever it shows n+1; a plain cursor may pass n before its commit.
        self._outbox = mongo[OUTBOX].with_options(read_concern=ReadConcern("snapshot"))
        self._mongo = mongo
        self._publish = publish
        self._lease = lease
        self._clock = clock
        self._metrics = metrics
        self._batch = batch
        self._poll = poll
        self._wake = asyncio.Event()
        self._turn = asyncio.Lock()
        self._stopping = False

    def wake(self) -> None:
        """Look at the outbox at once."""
        self._wake.set()

    async def run(self) -> None:
        """Send until told to stop; failures are logged and tried again, nothing is passed over."""
        pause = self._poll
        while not self._stopping:
            self._wake.clear()
            try:
                async with self._turn:
                    sent = await self.round() if await self._lease.hold() else 0
                pause = self._poll
            except Exception as error:
                log.warning("relay_failed", error=repr(error))
                sent, pause = 0, min(5.0, pause * 2)
            if not sent:
                await self._sleep(pause)

    async def round(self) -> int:
        """Send one batch of unsent events and mark what was acknowledged; return how many."""
        found = await self._outbox.find(UNSENT).sort("_id", ASCENDING).limit(self._batch).to_list(None)
        if not found:
            return 0
        lanes: dict[tuple[str, str], list[Document]] = defaultdict(list)
        for document in found:
            lanes[document["topic"], document["key"]].append(document)
        acknowledged = list(chain.from_iterable(await asyncio.gather(*map(self._send, lanes.values()))))
        await self._mongo[OUTBOX].update_many({"_id": {"$in": acknowledged}}, {"$set": {"status": "sent", "sent": self._clock()}})
        self._metrics.relayed.inc(len(acknowledged))
        return len(acknowledged)

    async def _send(self, lane: list[Document]) -> list[str]:
        """Send one aggregate's events, each after the one before it was acknowledged."""
        done: list[str] = []
        for document in lane:
            try:
                await self._publish(document["topic"], document["key"], document["value"], document["headers"])
            except Exception as error:
                log.warning("publish_failed", topic=document["topic"], sequence=document["sequence"], error=repr(error))
                break
            done.append(document["_id"])
        return done

    async def _sleep(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), seconds)

    async def stop(self) -> None:
        """End after the round under way, send what is left unless another replica does, and give the lease back."""
        self._stopping = True
        self._wake.set()
        async with self._turn:
            while await self._lease.hold() and await self.round():
                pass
        await self._lease.release()
