"""Two agendas of 300 seconds of one district, beside the agenda of another district and its ordinary requests.

An agenda that is proven the best ends earlier; the attacker then asks for it again. The other district asks for its agenda again
and again too: how long it takes until it is published is measured without and with the attack, beside ordinary requests.
"""

import asyncio
import dataclasses
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from benchmarks.attacks import side_by_side
from benchmarks.attacks.attacked_system import AttackedSystem, attacked_system
from benchmarks.attacks.ordinary_requests import of_registry_and_events
from benchmarks.attacks.side_by_side import OrdinaryCaller, running
from benchmarks.fixtures import Fixtures, Tick, interleaved, steps
from benchmarks.report import Row, Target
from distretti.client.brokerage_event import EVENTS, make_event
from distretti.client.sources import SAMPLE
from distretti.importers.dzn_event import Instance, read_b2b

DISTRICT, NEIGHBOUR = "new-materials", "fashion"
LONG, SHORT = 300, 2
"""Seconds that the searches may take."""
POLL = 0.2
AGENDAS = 2
STEPS = side_by_side.STEPS + steps(2, AGENDAS)


async def measure(fixtures: Fixtures, tick: Tick) -> list[Row]:
    """Measure ordinary requests, and then the other district's agenda."""
    async with attacked_system(fixtures, "agendas") as system:
        long = [await _event(fixtures, system, f"long-{number}", DISTRICT) for number in (1, 2)]
        neighbour = await _event(fixtures, system, "neighbour", NEIGHBOUR)
        ordinary = OrdinaryCaller(system.gateway, of_registry_and_events(system, "agendas"))
        rows = await side_by_side.side_by_side(
            "two long agendas", system, ordinary, lambda: _computing(system, long), ("events",), tick
        )

        async def quiet(_name: str) -> float:
            return await _seconds(system, neighbour)

        async def under_attack(_name: str) -> float:
            async with _computing(system, long):
                return await _seconds(system, neighbour)

        measured = await interleaved({"attacked": under_attack, "quiet": quiet}, AGENDAS, tick)
    name = "two long agendas: agenda of another district"
    return [*rows, Row(name, "s", measured["attacked"], "without", measured["quiet"], Target("at most", 1.25))]


async def _event(fixtures: Fixtures, system: AttackedSystem, name: str, district: str) -> str:
    """Make an event of the sample's instance with members of its own."""
    file = fixtures.directory / f"{name}.dzn"
    shutil.copy(SAMPLE.with_name("meetings.dzn"), file)
    instance = read_b2b(file, (datetime.now(UTC) + timedelta(days=60)).date())
    return await make_event(system.client, _of_district(instance, district), lambda _label, _total: lambda _count: None)


def _of_district(instance: Instance, district: str) -> Instance:
    return dataclasses.replace(
        instance,
        brokerage_event={**instance.brokerage_event, "districts": [district]},
        members={number: line.model_copy(update={"districts": (district,)}) for number, line in instance.members.items()},
    )


@asynccontextmanager
async def _computing(system: AttackedSystem, events: Sequence[str]) -> AsyncIterator[None]:
    """Have the agendas of these events computed again and again until the block ends."""

    async def repeat(event: str) -> None:
        while True:
            await _ended(system, event)
            await _enqueue(system, event, LONG)

    for event in events:
        await _enqueue(system, event, LONG)
    try:
        async with running(*(repeat(event) for event in events)):
            yield
    finally:
        for event in events:
            await system.client.send("DELETE", f"{EVENTS}/{event}/agenda/computation")


async def _seconds(system: AttackedSystem, event: str) -> float:
    """Compute an agenda; seconds until it is published."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    await _enqueue(system, event, SHORT)
    await _ended(system, event)
    return loop.time() - started


async def _enqueue(system: AttackedSystem, event: str, seconds: int) -> None:
    await system.client.post(f"{EVENTS}/{event}/agenda", {"time_limit": seconds})


async def _ended(system: AttackedSystem, event: str) -> None:
    """Wait until a computation has ended."""
    while await _status(system, event) in ("queued", "running"):  # noqa: ASYNC110 - over HTTP
        await asyncio.sleep(POLL)


async def _status(system: AttackedSystem, event: str) -> str:
    status: str = (await system.client.get(f"{EVENTS}/{event}/agenda/computation"))["status"]
    return status
