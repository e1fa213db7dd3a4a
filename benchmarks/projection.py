"""Events per second of a projection, against a hand-written loop and against one transaction per message."""

from fastapi import APIRouter

from benchmarks import baselines, member_events
from benchmarks.baselines import transaction_per_message
from benchmarks.fixtures import Fixtures, Tick, interleaved, steps
from benchmarks.report import Row, Target
from benchmarks.stopwatch import Stopwatch, counted
from shared.chassis.config import Settings
from shared.chassis.inbox.message import Received
from shared.chassis.projections.projection import Projection, own_key
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.runtime.service import Service
from shared.contracts.base import DomainEvent
from shared.contracts.topics import MEMBERS

MEMBER_COUNT, ROUNDS = 3_000, 4
FEW_EVENTS = 200
"""One transaction per message is slow: fewer events suffice."""
STEPS = 1 + steps(3, ROUNDS)


async def measure(fixtures: Fixtures, tick: Tick) -> list[Row]:
    """Fold the same preloaded events in three ways."""
    settings = await fixtures.settings("projection")
    events = await member_events.preload(settings, MEMBER_COUNT)
    tick()

    async def chassis(name: str) -> float:
        return events / await _run_service(settings, name, events)

    async def by_hand(name: str) -> float:
        return events / await baselines.projection.drain(settings, name, events, member_events.fold)

    async def single(name: str) -> float:
        return FEW_EVENTS / await transaction_per_message.drain(settings, name, FEW_EVENTS, member_events.fold)

    measured = await interleaved({"chassis": chassis, "hand": by_hand, "single": single}, ROUNDS, tick)
    values = measured["chassis"]
    return [
        Row("projection", "events/s", values, "by hand", measured["hand"], Target("at least", 0.8)),
        Row("projection", "events/s", values, "one transaction a message", measured["single"], Target("at least", 8)),
    ]


async def _run_service(settings: Settings, name: str, events: int) -> float:
    """Run a service with this one projection, its relay and its metrics, until all events are folded."""
    stopwatch = Stopwatch()

    def fold(_id: str, document: dict[str, object] | None, _received: Received, event: DomainEvent) -> dict[str, object]:
        stopwatch.start()
        return member_events.fold(document, event)

    projection = Projection(f"{name}.members", (MEMBERS,), "members", fold, marks=own_key)
    runtime = Runtime(Service(name, APIRouter(), projections=(projection,)), settings)
    await runtime.start()
    try:
        return await stopwatch.until(lambda: counted(runtime.metrics.handled) >= events)
    finally:
        await runtime.stop()
