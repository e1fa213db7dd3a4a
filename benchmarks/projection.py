"""Events a second of a projection, against a hand-written loop and against one transaction a message."""

from fastapi import APIRouter

from benchmarks import baselines, member_events
from benchmarks.baselines import transaction_per_message
from benchmarks.fixtures import Ground, Tick, in_turns, steps
from benchmarks.report import Row, Target
from benchmarks.stopwatch import Watch, counted
from shared.chassis.config import Settings
from shared.chassis.inbox.message import Received
from shared.chassis.projections.projection import Projection, own_key
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.runtime.service import Service
from shared.contracts.base import DomainEvent
from shared.contracts.topics import MEMBERS

MANY, ROUNDS = 3_000, 4
FEW_EVENTS = 200
"""One transaction a message is slow: fewer events are enough."""
STEPS = 1 + steps(3, ROUNDS)


async def measure(ground: Ground, tick: Tick) -> list[Row]:
    """Fold the same events, waiting on the topic, in three ways."""
    settings = await ground.settings("projection")
    events = await member_events.preload(settings, MANY)
    tick()

    async def ours(name: str) -> float:
        return events / await _chassis(settings, name, events)

    async def hand(name: str) -> float:
        return events / await baselines.projection.drain(settings, name, events, member_events.fold)

    async def single(name: str) -> float:
        return FEW_EVENTS / await transaction_per_message.drain(settings, name, FEW_EVENTS, member_events.fold)

    measured = await in_turns({"ours": ours, "hand": hand, "single": single}, ROUNDS, tick)
    what = "projection"
    return [
        Row(what, "events/s", measured["ours"], "by hand", measured["hand"], Target("at least", 0.8)),
        Row(what, "events/s", measured["ours"], "one transaction a message", measured["single"], Target("at least", 8)),
    ]


async def _chassis(settings: Settings, name: str, events: int) -> float:
    """Run a service with this one projection until all is folded; its relay and its meters run beside, as always."""
    watch = Watch()

    def fold(_id: str, document: dict[str, object] | None, _received: Received, event: DomainEvent) -> dict[str, object]:
        watch.start()
        return member_events.fold(document, event)

    projection = Projection(f"{name}.members", (MEMBERS,), "members", fold, marks=own_key)
    runtime = Runtime(Service(name, APIRouter(), projections=(projection,)), settings)
    await runtime.start()
    try:
        return await watch.until(lambda: counted(runtime.metrics.handled) >= events)
    finally:
        await runtime.stop()
