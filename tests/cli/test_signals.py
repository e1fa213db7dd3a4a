"""A first signal stops the work as an operator would, a second kills what does not end."""

import asyncio
import os
import signal
from typing import cast

import pytest

from distretti.cli.signals import until_stopped
from distretti.devstack.supervisor import Supervisor


class Children:
    """As much of a supervisor as a signal asks."""

    def __init__(self) -> None:
        self.killed = asyncio.Event()

    def kill_all(self) -> None:
        self.killed.set()


async def run(work: object, children: Children) -> bool:
    return await until_stopped(work, cast(Supervisor, children))  # type: ignore[arg-type]


async def test_work_that_ends_by_itself_has_completed() -> None:
    async def work() -> None:
        await asyncio.sleep(0)

    assert await run(work(), Children())


async def test_a_failure_of_the_work_is_the_command_s() -> None:
    async def work() -> None:
        raise KeyError("a fault")

    with pytest.raises(KeyError):
        await run(work(), Children())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_cancels_the_work_and_a_second_kills_the_children(number: signal.Signals) -> None:
    children, stopped = Children(), list[str]()

    async def work() -> None:
        os.kill(os.getpid(), number)
        try:
            await asyncio.Event().wait()
        finally:
            stopped.append("gracefully")
            os.kill(os.getpid(), number)
            await asyncio.wait_for(children.killed.wait(), 10)

    assert not await run(work(), children)
    assert stopped == ["gracefully"]
