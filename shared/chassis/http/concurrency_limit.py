"""Concurrency limit: a bounded number of requests at a time, and a short queue (ADR 15)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.chassis.errors import Unavailable
from shared.chassis.telemetry.metrics_and_traces import Metrics


class ConcurrencyLimit:
    """Admits `max_concurrent`; `max_queued` more wait for at most `max_wait` seconds, first in, first out."""

    def __init__(self, max_concurrent: int, max_queued: int, max_wait: float) -> None:
        self._permits = asyncio.Semaphore(max_concurrent)
        self._max_queued = max_queued
        self._max_wait = max_wait
        self._queued = 0

    async def acquire(self) -> bool:
        """Take a permit; False where none is free in time, or the queue is full."""
        if not self._permits.locked():
            return await self._permits.acquire()
        if self._queued >= self._max_queued:
            return False
        self._queued += 1
        try:
            async with asyncio.timeout(self._max_wait):
                return await self._permits.acquire()
        except TimeoutError:
            return False
        finally:
            self._queued -= 1

    def release(self) -> None:
        """Release the permit."""
        self._permits.release()


class Permit:
    """The permit of a request, in `request.state.permit`. A long poll releases it while it waits."""

    def __init__(self, requests: ConcurrencyLimit, long_polls: ConcurrencyLimit, metrics: Metrics) -> None:
        self._requests = requests
        self._long_polls = long_polls
        self._metrics = metrics
        self._held = True

    @asynccontextmanager
    async def released_while_waiting(self) -> AsyncIterator[None]:
        """Release the permit for the block, then acquire another.

        Raises Unavailable where too many long polls wait, or where no permit is free in time afterwards.
        """
        await acquire(self._long_polls)
        self._requests.release()
        self._held = False
        try:
            with self._metrics.http_waiting.track_inprogress():
                yield
        finally:
            self._long_polls.release()
        await acquire(self._requests)
        self._held = True

    def release(self) -> None:
        """Release the permit, if it is held."""
        if self._held:
            self._requests.release()


async def acquire(limit: ConcurrencyLimit) -> None:
    """Take a permit. Raises Unavailable where none is free in time."""
    if not await limit.acquire():
        raise Unavailable("overloaded", reason="busy")
