"""Attackers that send prepared requests at a fixed rate, some at once."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from benchmarks.attacks.connection import Connection
from benchmarks.attacks.side_by_side import running

Prepared = tuple[int, bytes]
"""A port and the bytes of a whole request."""


@asynccontextmanager
async def bursts(requests: Sequence[Prepared], at_once: int, pause: float) -> AsyncIterator[None]:
    """Send `at_once` requests at a time, one after the other of those given, every `pause` seconds until the block ends."""
    async with running(_send(requests, at_once, pause)):
        yield


async def _send(requests: Sequence[Prepared], at_once: int, pause: float) -> None:
    endless = itertools.cycle(requests)
    async with asyncio.TaskGroup() as senders:
        while True:
            for port, request in itertools.islice(endless, at_once):
                senders.create_task(_exchange(port, request))
            await asyncio.sleep(pause)


async def _exchange(port: int, request: bytes) -> None:
    """Send a request on a connection of its own; it may be cut while it is sent."""
    connection = await Connection.open(port)
    try:
        with suppress(OSError, EOFError):
            await connection.exchange(request)
    finally:
        connection.close()
