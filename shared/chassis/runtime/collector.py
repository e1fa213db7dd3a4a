"""What the metrics say of lag, outbox and waiting room, measured again and again."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog

from shared.chassis.inbox.held_events import BY_KIND, WAITING
from shared.chassis.mongo import Mongo
from shared.chassis.outbox.outbox import OUTBOX, UNSENT
from shared.chassis.telemetry.metrics_and_traces import Metrics

if TYPE_CHECKING:
    from shared.chassis.runtime.service import Runtime

log = structlog.get_logger()
LAG_SECONDS, STORE_SECONDS = 5, 1
"""Lag is asked of the broker by each consumer; the depth of the outbox decides on commands, and must be fresh."""


def measures(runtime: "Runtime") -> list[Coroutine[Any, Any, None]]:
    """Measure for as long as the service runs; apart, because Kafka is slow to answer when the outbox fills."""

    async def lag() -> None:
        for name, lag in (await _lags(runtime)).items():
            runtime.metrics.lag.labels(name).set(lag or 0)

    async def store() -> None:
        runtime.backlog.unsent = await measure_outbox(runtime.mongo, runtime.metrics, runtime.clock())
        await measure_waiting(runtime.mongo, runtime.metrics, runtime.clock())

    return [_every(LAG_SECONDS, lag), _every(STORE_SECONDS, store)]


async def _every(seconds: float, look: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await look()
        except Exception as error:
            log.warning("measure_failed", error=repr(error))
        await asyncio.sleep(seconds)


async def progress(runtime: "Runtime") -> dict[str, Any]:
    """Tell how far a service is: events not yet sent, and per consumer how many it has yet to apply, and how many wait."""
    lags = await _lags(runtime)
    consumers = {
        name: {"lag": lag, "waiting": await runtime.mongo[WAITING].count_documents({"consumer": name})}
        for name, lag in lags.items()
    }
    return {"unsent": await runtime.mongo[OUTBOX].count_documents(UNSENT), "consumers": consumers}


async def _lags(runtime: "Runtime") -> dict[str, int | None]:
    """Ask all consumers at once: each question waits behind the fetch under way on its connection."""
    lags = await asyncio.gather(*(consumer.lag() for consumer in runtime.consumers))
    return {consumer.name: lag for consumer, lag in zip(runtime.consumers, lags, strict=True)}


async def measure_outbox(mongo: Mongo, metrics: Metrics, now: datetime) -> int:
    """Count the unsent, and measure the age in seconds of the oldest."""
    oldest = await mongo[OUTBOX].find_one(UNSENT, sort=[("_id", 1)])
    unsent = await mongo[OUTBOX].count_documents(UNSENT) if oldest else 0
    metrics.outbox_depth.set(unsent)
    metrics.outbox_age.set((now - oldest["created"]).total_seconds() if oldest else 0)
    return unsent


async def measure_waiting(mongo: Mongo, metrics: Metrics, now: datetime) -> None:
    """Count what waits by consumer and kind, and tell the age in seconds of the oldest."""
    groups = mongo[WAITING].aggregate(
        [{"$group": {"_id": {"c": "$consumer", "k": "$kind"}, "count": {"$sum": 1}, "oldest": {"$min": "$since"}}}],
        hint=dict(BY_KIND),  # read from the index alone: the records that wait may be large, and many
    )
    metrics.waiting.clear()
    metrics.waiting_age.clear()
    async for group in groups:
        labels = group["_id"]["c"], group["_id"]["k"]
        metrics.waiting.labels(*labels).set(group["count"])
        metrics.waiting_age.labels(*labels).set((now - group["oldest"]).total_seconds())
