"""An asynchronous resource serves a synchronous block, on a loop that goes on between its calls."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from distretti.devstack.sync_context import in_background


class Resource:
    """Counts on its loop until it is closed."""

    def __init__(self) -> None:
        self.counted = asyncio.Event()
        self.loop = asyncio.get_running_loop()
        self.closed_on: asyncio.AbstractEventLoop | None = None

    async def wait(self) -> str:
        await self.counted.wait()
        return "counted"


@asynccontextmanager
async def opened(resources: list[Resource]) -> AsyncIterator[Resource]:
    resource = Resource()
    resources.append(resource)
    asyncio.get_running_loop().call_later(0.01, resource.counted.set)
    try:
        yield resource
    finally:
        resource.closed_on = asyncio.get_running_loop()


def test_its_loop_runs_while_the_block_does_and_closes_it_there() -> None:
    resources: list[Resource] = []
    with in_background(opened(resources)) as resource:
        assert asyncio.run_coroutine_threadsafe(resource.wait(), resource.loop).result(10) == "counted"
    assert resource.closed_on is resource.loop
    assert resource.loop.is_closed()


def test_it_is_closed_where_the_block_fails() -> None:
    resources: list[Resource] = []
    with pytest.raises(KeyError), in_background(opened(resources)):
        raise KeyError
    assert resources[0].closed_on is resources[0].loop


def test_what_cannot_be_opened_leaves_no_thread() -> None:
    @asynccontextmanager
    async def broken() -> AsyncIterator[None]:
        raise OSError("no port")
        yield

    with pytest.raises(OSError, match="no port"), in_background(broken()):
        pass
