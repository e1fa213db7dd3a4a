"""Open-loop load: actions start at a steady rate, however long they take."""

import asyncio
from collections.abc import Awaitable, Callable

RATES = (50, 200)
"""Actions per second."""
Act = Callable[[str, int], Awaitable[None]]


def ids(run: str, rate: int, seconds: int) -> list[str]:
    """The ids sent at one rate, in order."""
    return [f"{run}-{rate}-{number}" for number in range(rate * seconds)]


def all_ids(run: str, seconds: int) -> list[str]:
    """The ids of a whole run."""
    return [id for rate in RATES for id in ids(run, rate, seconds)]


async def at_rates(run: str, seconds: int, act: Act) -> None:
    """Start `act` at each rate for so many seconds; wait until all have ended."""
    for rate in RATES:
        await _at_rate(rate, ids(run, rate, seconds), act)


async def _at_rate(rate: int, names: list[str], act: Act) -> None:
    loop = asyncio.get_running_loop()
    started = loop.time()
    async with asyncio.TaskGroup() as acts:
        for number, id in enumerate(names):
            await asyncio.sleep(started + number / rate - loop.time())
            acts.create_task(_do(act, id, number))


async def _do(act: Act, id: str, number: int) -> None:
    await act(id, number)
