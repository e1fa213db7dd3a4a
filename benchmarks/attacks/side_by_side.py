"""An ordinary caller's requests without and with an attack, alternately; what it is answered; the memory of who is attacked.

Attacker, caller and system share the machine, so an attack sends at a fixed rate, on prepared bytes: no more than what once
stopped a service. The ratio is then about what the service does, not about the attacker's own use of the processor.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from psutil import Process

from benchmarks.attacks.attacked_system import AttackedSystem, resident
from benchmarks.attacks.connection import Answer, Connection
from benchmarks.fixtures import Tick, interleaved, steps
from benchmarks.report import Row, Target

Attack = Callable[[], AbstractAsyncContextManager[object]]
"""Attacks until the block ends."""
ROUNDS, SECONDS = 3, 4.0
SETTLING = 1.0
"""Seconds before a measurement, for the attack to begin and for what is left of one to end."""
CONNECTIONS, THINKING = 4, 0.02
"""Of the ordinary caller: each connection sends its next request so many seconds after an answer."""
MOST_MEGABYTES = 100
SAMPLING = 0.1
STEPS = steps(2, ROUNDS)
Kind = str
ANSWERED, REFUSED, FAILED = "answered", "refused", "failed"


@dataclass
class OrdinaryCaller:
    """Sends requests to a port, one kind after the other; counts what became of them."""

    port: int
    requests: Iterator[bytes]
    kinds: Counter[Kind] = field(default_factory=Counter)

    async def rate(self) -> float:
        """Requests that were served, per second."""
        loop = asyncio.get_running_loop()
        before, started = self.kinds[ANSWERED], loop.time()
        async with asyncio.TaskGroup() as senders:
            for _ in range(CONNECTIONS):
                senders.create_task(self._send(started + SECONDS))
        return (self.kinds[ANSWERED] - before) / (loop.time() - started)

    async def _send(self, end: float) -> None:
        loop = asyncio.get_running_loop()
        connection = await Connection.open(self.port)
        while loop.time() < end:
            try:
                self.kinds[_kind(await connection.exchange(next(self.requests)))] += 1
            except (OSError, EOFError):
                self.kinds[FAILED] += 1
                connection.close()
                connection = await Connection.open(self.port)
            await asyncio.sleep(THINKING)
        connection.close()


def _kind(answer: Answer) -> Kind:
    if answer.status < 400:
        return ANSWERED
    if answer.status in (429, 503) and "retry-after" in answer.headers:
        return REFUSED
    if answer.status >= 500:
        return FAILED
    raise RuntimeError(f"an ordinary request was answered {answer.status}: {answer.body.decode()[:500]}")


async def side_by_side(
    name: str, system: AttackedSystem, ordinary: OrdinaryCaller, attack: Attack, attacked: Sequence[str], tick: Tick
) -> list[Row]:
    """Measure the ordinary caller's rate without and with the attack; `attacked` are the processes whose memory is told."""
    watched = {name: system.processes(name) for name in attacked}
    start = {name: resident(processes) for name, processes in watched.items()}
    peaks = dict(start)

    async def quiet(_name: str) -> float:
        await asyncio.sleep(SETTLING)
        return await ordinary.rate()

    async def under_attack(_name: str) -> float:
        async with attack():
            await asyncio.sleep(SETTLING)
            return await ordinary.rate()

    async with running(_sample(watched, peaks)):
        measured = await interleaved({"attacked": under_attack, "quiet": quiet}, ROUNDS, tick)
    memory = {process: peak - start[process] for process, peak in peaks.items()}
    return [
        Row(f"{name}: ordinary requests", "answers/s", measured["attacked"], "without", measured["quiet"], Target("at least", 0.8)),
        Row(f"{name}: of these refused with Retry-After", "answers", [ordinary.kinds[REFUSED]]),
        Row(f"{name}: other 5xx, or no answer", "answers", [ordinary.kinds[FAILED]], target=Target("at most", 0)),
        *(
            Row(f"{name}: {process} over its start", "MB", [more], target=Target("at most", MOST_MEGABYTES))
            for process, more in memory.items()
        ),
    ]


@asynccontextmanager
async def running(*works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run coroutines beside the block, and end them with it."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task


async def _sample(watched: Mapping[str, Sequence[Process]], peaks: dict[str, float]) -> None:
    while True:
        for name, processes in watched.items():
            peaks[name] = max(peaks[name], resident(processes))
        await asyncio.sleep(SAMPLING)
