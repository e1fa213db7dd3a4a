"""Through the house: a command is committed, relayed, and folded by another service."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Any

from fastapi import APIRouter

from benchmarks import member_events
from benchmarks.latency_endpoints.pacer import all_ids, at_rates
from shared.chassis.config import Settings
from shared.chassis.consumers.consumer import Consumer
from shared.chassis.inbox.message import Received
from shared.chassis.outbox.cause import Cause
from shared.chassis.projections.consumer import ProjectionConsumer
from shared.chassis.projections.projection import Projection, own_key
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.runtime.service import Service
from shared.chassis.writes.aggregate import Aggregate
from shared.contracts.base import DomainEvent
from shared.contracts.topics import MEMBERS

MEMBER: Aggregate[dict[str, Any]] = Aggregate("member", MEMBERS, "members", member_events.fold)


def _fold(_id: str, document: dict[str, Any] | None, _received: Received, event: DomainEvent) -> dict[str, Any]:
    return member_events.fold(document, event)


SEEN = Projection("hearing.members", (MEMBERS,), "members", _fold, marks=own_key)


async def speak(settings: Settings, run: str, seconds: int) -> dict[str, float]:
    """Send commands; tell when each was committed."""
    runtime = Runtime(Service("speaking", APIRouter(), aggregates=(MEMBER,)), settings)
    await runtime.start()
    committed: dict[str, float] = {}

    async def act(id: str, number: int) -> None:
        await runtime.write.execute(MEMBER, id, lambda _: [member_events.applied(number)], Cause(run))
        committed[id] = time.monotonic()

    print("ready", flush=True)
    await at_rates(run, seconds, act)
    await runtime.stop()
    return committed


class _Watched(ProjectionConsumer):
    """Tells when a batch has become visible: its transaction is committed."""

    visible: dict[str, float]

    async def consume(self, batch: Sequence[Received]) -> None:
        """Apply a batch and look at the clock."""
        await super().consume(batch)
        now = time.monotonic()
        for received in batch:
            self.visible.setdefault(received.id, now)


async def hear(settings: Settings, run: str, seconds: int) -> dict[str, float]:
    """Fold; tell when each event's document was visible."""
    runtime = Runtime(Service("hearing", APIRouter(), indexes={SEEN.collection: []}), settings)
    watched = _Watched(runtime.mongo, SEEN, runtime.clock, runtime.metrics)
    watched.visible = {}
    consumer = Consumer(runtime.broker, runtime.mongo, settings, watched, runtime.clock, runtime.metrics)
    runtime.consumers.append(consumer)
    await runtime.start()
    wanted = set(all_ids(run, seconds))
    await _until(consumer.assigned)
    print("ready", flush=True)
    await _until(lambda: wanted <= watched.visible.keys())
    await runtime.stop()
    return watched.visible


async def _until(done: Callable[[], bool]) -> None:
    while not done():  # noqa: ASYNC110 - asked seldom, so as not to be measured
        await asyncio.sleep(0.05)
