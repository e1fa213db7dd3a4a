"""Events per second of a reaction with one command per event, against a hand-written loop with the same writes."""

from collections.abc import Sequence

from fastapi import APIRouter

from benchmarks import baselines, member_events
from benchmarks.fixtures import Fixtures, Tick, interleaved, steps
from benchmarks.idle_relay import take_relay
from benchmarks.report import Row, Target
from benchmarks.sample_aggregate import GREETING
from benchmarks.stopwatch import Stopwatch, counted
from shared.chassis.config import Settings
from shared.chassis.inbox.message import Received
from shared.chassis.reactions.reaction import Reaction, Step
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.runtime.service import Service
from shared.chassis.writes.aggregate import Command
from shared.contracts.base import DomainEvent
from shared.contracts.notifications import MessageSent
from shared.contracts.topics import MEMBERS

MEMBER_COUNT, ROUNDS = 200, 3
STEPS = 1 + steps(2, ROUNDS)


async def measure(fixtures: Fixtures, tick: Tick) -> list[Row]:
    """React to the same preloaded events. Neither side relays: the relay has a benchmark of its own."""
    settings = await fixtures.settings("reaction")
    events = await member_events.preload(settings, MEMBER_COUNT)
    tick()

    async def chassis(name: str) -> float:
        return events / await _run_service(settings, name, events)

    async def by_hand(name: str) -> float:
        return events / await baselines.reaction.drain(settings, name, events)

    measured = await interleaved({"chassis": chassis, "hand": by_hand}, ROUNDS, tick)
    return [Row("reaction", "events/s", measured["chassis"], "by hand", measured["hand"], Target("at least", 0.8))]


async def _run_service(settings: Settings, name: str, events: int) -> float:
    """Run a service with this one reaction, its relay idle, until all events are handled."""
    stopwatch = Stopwatch()

    async def greet(received: Received, _event: DomainEvent) -> Sequence[Step]:
        stopwatch.start()
        sent = MessageSent(recipient=received.id, template="greeting", cause=received.envelope.id)
        return [Command(GREETING, received.id, lambda _: [sent])]

    reaction = Reaction(f"{name}.greet", (MEMBERS,), MEMBERS.events, greet)
    runtime = Runtime(Service(name, APIRouter(), aggregates=(GREETING,), reactions=lambda _: [reaction]), settings)
    await take_relay(runtime.mongo)
    await runtime.start()
    try:
        return await stopwatch.until(lambda: counted(runtime.metrics.handled) >= events)
    finally:
        await runtime.stop()
