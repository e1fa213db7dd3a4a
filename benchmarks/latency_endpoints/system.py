"""Through the system: a command is committed, relayed, and folded by another service."""

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
from shared.chassis.projections.handler import ProjectionHandler
from shared.chassis.projections.projection import Projection, own_key
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.runtime.service import Service
from shared.chassis.writes.aggregate import Aggregate
from shared.contracts.base import DomainEvent
from shared.contracts.topics import MEMBERS

MEMBER: Aggregate[dict[str, Any]] = Aggregate("member", MEMBERS, "members", member_events.fold)


def _fold(_id: str, document: dict[str, Any] | None, _received: Received, event: DomainEvent) -> dict[str, Any]:
    return member_events.fold(document, event)


RECEIVED = Projection("receiver.members", (MEMBERS,), "members", _fold, marks=own_key)


async def send(settings: Settings, run: str, seconds: int) -> dict[str, float]:
    """Execute commands; return when each was committed."""
    runtime = Runtime(Service("sender", APIRouter(), aggregates=(MEMBER,)), settings)
    await runtime.start()
    committed: dict[str, float] = {}

    async def act(id: str, number: int) -> None:
        await runtime.write.execute(MEMBER, id, lambda _: [member_events.applied(number)], Cause(run))
        committed[id] = time.monotonic()

    print("ready", flush=True)
    await at_rates(run, seconds, act)
    await runtime.stop()
    return committed


class _TimedConsumer(ProjectionHandler):
    """Records when a batch becomes visible: after its transaction is committed."""

    visible: dict[str, float]

    async def consume(self, batch: Sequence[Received]) -> None:
        """Apply a batch and record the time."""
        await super().consume(batch)
        now = time.monotonic()
        for received in batch:
            self.visible.setdefault(received.id, now)


async def receive(settings: Settings, run: str, seconds: int) -> dict[str, float]:
    """Fold; return when each event's document was visible."""
    runtime = Runtime(Service("receiver", APIRouter(), indexes={RECEIVED.collection: []}), settings)
    timed = _TimedConsumer(runtime.mongo, RECEIVED, runtime.clock, runtime.metrics)
    timed.visible = {}
    consumer = Consumer(runtime.broker, runtime.mongo, settings, timed, runtime.clock, runtime.metrics, frozenset)
    runtime.consumers.append(consumer)
    await runtime.start()
    expected = set(all_ids(run, seconds))
    await _until(consumer.assigned)
    print("ready", flush=True)
    await _until(lambda: expected <= timed.visible.keys())
    await runtime.stop()
    return timed.visible


async def _until(done: Callable[[], bool]) -> None:
    while not done():  # noqa: ASYNC110 - polled rarely, so that polling does not affect the measurement
        await asyncio.sleep(0.05)
