"""Events per second of the relay, against a hand-written loop that empties the same outbox."""

from fastapi import APIRouter

from benchmarks import baselines, member_events
from benchmarks.fixtures import Fixtures, Tick, interleaved, steps
from benchmarks.idle_relay import give_relay, take_relay
from benchmarks.report import Row, Target
from benchmarks.stopwatch import Stopwatch, counted
from shared.chassis.config import Settings
from shared.chassis.outbox.outbox import OUTBOX
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.runtime.service import Service

MEMBER_COUNT, ROUNDS = 1_000, 3
STEPS = steps(2, ROUNDS)


async def measure(fixtures: Fixtures, tick: Tick) -> list[Row]:
    """Send the same outbox documents, five per aggregate, until all are acknowledged and marked."""
    settings = await fixtures.settings("relay")
    events = MEMBER_COUNT * member_events.EVENTS_EACH

    async def chassis(name: str) -> float:
        return events / await _run_service(settings, name)

    async def by_hand(name: str) -> float:
        return events / await baselines.relay.drain(settings, name, member_events.outbox(MEMBER_COUNT))

    measured = await interleaved({"chassis": chassis, "hand": by_hand}, ROUNDS, tick)
    return [Row("relay", "events/s", measured["chassis"], "by hand", measured["hand"], Target("at least", 0.8))]


async def _run_service(settings: Settings, name: str) -> float:
    """Run a service whose outbox is full when its relay gets the lease."""
    stopwatch = Stopwatch()
    runtime = Runtime(Service(name, APIRouter()), settings)
    await take_relay(runtime.mongo)
    await runtime.start()
    try:
        documents = list(member_events.outbox(MEMBER_COUNT))
        await runtime.mongo[OUTBOX].insert_many(documents)
        await give_relay(runtime.mongo)
        stopwatch.start()
        runtime.relay.wake()
        return await stopwatch.until(lambda: counted(runtime.metrics.relayed) >= len(documents))
    finally:
        await runtime.stop()
