"""Events a second of a reaction with one command an event, against a hand-written loop doing the same writes."""

from collections.abc import Sequence

from fastapi import APIRouter

from benchmarks import baselines, member_events
from benchmarks.fixtures import Ground, Tick, in_turns, steps
from benchmarks.idle_relay import take_relay
from benchmarks.report import Row, Target
from benchmarks.sample_aggregate import GREETING
from benchmarks.stopwatch import Watch, counted
from shared.chassis.config import Settings
from shared.chassis.inbox.message import Received
from shared.chassis.reactions.reaction import Reaction, Step
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.runtime.service import Service
from shared.chassis.writes.aggregate import Command
from shared.contracts.base import DomainEvent
from shared.contracts.notifications import MessageSent
from shared.contracts.topics import MEMBERS

MANY, ROUNDS = 200, 3
STEPS = 1 + steps(2, ROUNDS)


async def measure(ground: Ground, tick: Tick) -> list[Row]:
    """React to the same events, waiting on the topic. Nothing is relayed on either side: the relay is measured alone."""
    settings = await ground.settings("reaction")
    events = await member_events.preload(settings, MANY)
    tick()

    async def ours(name: str) -> float:
        return events / await _chassis(settings, name, events)

    async def hand(name: str) -> float:
        return events / await baselines.reaction.drain(settings, name, events)

    measured = await in_turns({"ours": ours, "hand": hand}, ROUNDS, tick)
    return [Row("reaction", "events/s", measured["ours"], "by hand", measured["hand"], Target("at least", 0.8))]


async def _chassis(settings: Settings, name: str, events: int) -> float:
    """Run a service with this one reaction until all is done, its relay standing by."""
    watch = Watch()

    async def greet(received: Received, _event: DomainEvent) -> Sequence[Step]:
        watch.start()
        sent = MessageSent(recipient=received.id, template="greeting", cause=received.envelope.id)
        return [Command(GREETING, received.id, lambda _: [sent])]

    reaction = Reaction(f"{name}.greet", (MEMBERS,), MEMBERS.events, greet)
    runtime = Runtime(Service(name, APIRouter(), aggregates=(GREETING,), reactions=lambda _: [reaction]), settings)
    await take_relay(runtime.mongo)
    await runtime.start()
    try:
        return await watch.until(lambda: counted(runtime.metrics.handled) >= events)
    finally:
        await runtime.stop()
