"""Measures lag, outbox and held events for the metrics."""

import asyncio
import math
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from shared.chassis.consumers.consumer import Consumer
from shared.chassis.inbox.held_events import BY_KIND, WAITING
from shared.chassis.mongo import Mongo
from shared.chassis.outbox.backpressure import Backpressure
from shared.chassis.outbox.outbox import OUTBOX, UNSENT
from shared.chassis.telemetry.metrics_and_traces import Metrics
from shared.chassis.workers.polling_worker import PollingWorker

LAG_SECONDS, STORE_SECONDS = 5, 1
"""The broker is asked for the lag once a consumer; the depth of the outbox decides on commands, and must be fresh."""


class Collector:
    """Measures for as long as the service runs. Two loops, because Kafka is slow to answer while the outbox fills."""

    def __init__(
        self,
        mongo: Mongo,
        metrics: Metrics,
        backpressure: Backpressure,
        consumers: Sequence[Consumer],
        clock: Callable[[], datetime],
    ) -> None:
        self._mongo = mongo
        self._metrics = metrics
        self._backpressure = backpressure
        self._consumers = consumers
        self._clock = clock
        self.loops = (
            PollingWorker(self._measure_lag, name="lag_collector", interval=LAG_SECONDS),
            PollingWorker(self._measure_store, name="store_collector", interval=STORE_SECONDS),
        )

    async def progress(self) -> dict[str, Any]:
        """Count the events not yet sent, and by consumer those not yet applied (`lag`) and those held (`waiting`)."""
        lags = await self._lags()
        consumers = {
            name: {"lag": lag, "waiting": await self._mongo[WAITING].count_documents({"consumer": name})}
            for name, lag in lags.items()
        }
        return {"unsent": await self._mongo[OUTBOX].count_documents(UNSENT), "consumers": consumers}

    async def _measure_lag(self) -> None:
        for name, lag in (await self._lags()).items():
            self._metrics.lag.labels(name).set(math.nan if lag is None else lag)

    async def _measure_store(self) -> None:
        self._backpressure.unsent = await measure_outbox(self._mongo, self._metrics, self._clock())
        await measure_held(self._mongo, self._metrics, self._clock())

    async def _lags(self) -> dict[str, int | None]:
        """Ask all consumers concurrently: each request waits behind the current fetch on its connection."""
        lags = await asyncio.gather(*(consumer.lag() for consumer in self._consumers))
        return {consumer.name: lag for consumer, lag in zip(self._consumers, lags, strict=True)}


async def measure_outbox(mongo: Mongo, metrics: Metrics, now: datetime) -> int:
    """Count the unsent events, and measure the age in seconds of the oldest."""
    oldest = await mongo[OUTBOX].find_one(UNSENT, sort=[("_id", 1)])
    unsent = await mongo[OUTBOX].count_documents(UNSENT) if oldest else 0
    metrics.outbox_depth.set(unsent)
    metrics.outbox_age.set((now - oldest["created"]).total_seconds() if oldest else 0)
    return unsent


async def measure_held(mongo: Mongo, metrics: Metrics, now: datetime) -> None:
    """Count the held events by consumer and kind, and measure the age in seconds of the oldest."""
    groups = mongo[WAITING].aggregate(
        [{"$group": {"_id": {"c": "$consumer", "k": "$kind"}, "count": {"$sum": 1}, "oldest": {"$min": "$since"}}}],
        hint=dict(BY_KIND),  # read from the index alone: the held records may be large, and many
    )
    metrics.waiting.clear()
    metrics.waiting_age.clear()
    async for group in groups:
        labels = group["_id"]["c"], group["_id"]["k"]
        metrics.waiting.labels(*labels).set(group["count"])
        metrics.waiting_age.labels(*labels).set((now - group["oldest"]).total_seconds())
