"""Events a second of the relay, against a hand-written loop that empties the same outbox."""

from fastapi import APIRouter

from benchmarks import baselines, member_events
from benchmarks.fixtures import Ground, Tick, in_turns, steps
from benchmarks.idle_relay import give_relay, take_relay
from benchmarks.report import Row, Target
from benchmarks.stopwatch import Watch, counted
from shared.chassis.config import Settings
from shared.chassis.outbox.outbox import OUTBOX
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.runtime.service import Service

MANY, ROUNDS = 1_000, 3
STEPS = steps(2, ROUNDS)


async def measure(ground: Ground, tick: Tick) -> list[Row]:
    """Send the same outbox documents, five to each aggregate, until all are acknowledged and marked."""
    settings = await ground.settings("relay")
    events = MANY * member_events.EVENTS_EACH

    async def ours(name: str) -> float:
        return events / await _chassis(settings, name)

    async def hand(name: str) -> float:
        return events / await baselines.relay.drain(settings, name, member_events.outbox(MANY))

    measured = await in_turns({"ours": ours, "hand": hand}, ROUNDS, tick)
    return [Row("relay", "events/s", measured["ours"], "by hand", measured["hand"], Target("at least", 0.8))]


async def _chassis(settings: Settings, name: str) -> float:
    """Run a service whose relay finds a full outbox when it gets the lease."""
    watch = Watch()
    runtime = Runtime(Service(name, APIRouter()), settings)
    await take_relay(runtime.mongo)
    await runtime.start()
    try:
        documents = list(member_events.outbox(MANY))
        await runtime.mongo[OUTBOX].insert_many(documents)
        await give_relay(runtime.mongo)
        watch.start()
        runtime.relay.wake()
        return await watch.until(lambda: counted(runtime.metrics.relayed) >= len(documents))
    finally:
        await runtime.stop()
