"""Concurrency limit: a bounded number of requests at a time, and a short queue; each caller has a share (ADR 15, ADR 25)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from shared.chassis.errors import TooManyRequests, Unavailable
from shared.chassis.telemetry.metrics_and_traces import Metrics


@dataclass(frozen=True, eq=False)
class QueuedRequest:
    """A request that waits for a permit; `admitted` is done when it has one."""

    caller: str
    admitted: asyncio.Future[None]


class ConcurrencyLimit:
    """Admits `max_concurrent`; `max_queued` more wait for at most `max_wait` seconds.

    No caller has more than its share of either: so many `callers` take all. The next to enter is a request of the caller that
    holds the fewest permits; among these, first in, first out.
    """

    def __init__(self, max_concurrent: int, max_queued: int, max_wait: float, callers: int = 1) -> None:
        self._free = max_concurrent
        self._max_queued = max_queued
        self._max_wait = max_wait
        self._share = max(1, max_concurrent // callers)
        self._is_shared = self._share < max_concurrent
        self._queue_share = -(-max_queued // callers)
        self._held: Counter[str] = Counter()
        self._waiting: Counter[str] = Counter()
        self._queue: list[QueuedRequest] = []

    async def acquire(self, caller: str = "") -> bool:
        """Take a permit; False where none is free for this caller in time, or the queue is full for it."""
        if self._free and self._held[caller] < self._share:
            self._admit(caller)
            return True
        if len(self._queue) >= self._max_queued or self._waiting[caller] >= self._queue_share:
            return False
        return await self._wait(caller)

    def release(self, caller: str = "") -> None:
        """Release the permit, to the next who waits."""
        self._free += 1
        _decrease(self._held, caller)
        admissible = [queued for queued in self._queue if self._held[queued.caller] < self._share]
        if admissible:
            queued = min(admissible, key=lambda queued: self._held[queued.caller])
            self._queue.remove(queued)
            self._admit(queued.caller)
            queued.admitted.set_result(None)

    def under_way(self, caller: str) -> int:
        """How many requests of a caller hold a permit or wait for one."""
        return self._held[caller] + self._waiting[caller]

    def has_its_share(self, caller: str) -> bool:
        """Whether a caller has all that it may have: others would be served."""
        return self._is_shared and (self._held[caller] >= self._share or self._waiting[caller] >= self._queue_share > 0)

    def _admit(self, caller: str) -> None:
        self._free -= 1
        self._held[caller] += 1

    async def _wait(self, caller: str) -> bool:
        queued = QueuedRequest(caller, asyncio.get_running_loop().create_future())
        self._queue.append(queued)
        self._waiting[caller] += 1
        try:
            await asyncio.wait([queued.admitted], timeout=self._max_wait)
        except asyncio.CancelledError:
            if queued.admitted.done():
                self.release(caller)
            raise
        finally:
            _decrease(self._waiting, caller)
            if queued in self._queue:
                self._queue.remove(queued)
        return queued.admitted.done()


def _decrease(counts: Counter[str], caller: str) -> None:
    """Count one less; nothing is kept of who has none left."""
    counts[caller] -= 1
    if not counts[caller]:
        del counts[caller]


class Permit:
    """The permit of a request, in `request.state.permit`. A long poll releases it while it waits."""

    def __init__(self, requests: ConcurrencyLimit, long_polls: ConcurrencyLimit, metrics: Metrics, caller: str = "") -> None:
        self._requests = requests
        self._long_polls = long_polls
        self._metrics = metrics
        self._caller = caller
        self._held = True

    @asynccontextmanager
    async def released_while_waiting(self) -> AsyncIterator[None]:
        """Release the permit for the block, then acquire another.

        Raises Unavailable where too many long polls wait; as `acquire` does where no permit is free in time afterwards.
        """
        await acquire(self._long_polls)
        self._requests.release(self._caller)
        self._held = False
        try:
            with self._metrics.http_waiting.track_inprogress():
                yield
        finally:
            self._long_polls.release()
        await acquire(self._requests, self._caller)
        self._held = True

    def release(self) -> None:
        """Release the permit, if it is held."""
        if self._held:
            self._requests.release(self._caller)


async def acquire(limit: ConcurrencyLimit, caller: str = "") -> None:
    """Take a permit. Raises TooManyRequests where the caller has its share, Unavailable where no permit is free in time."""
    if await limit.acquire(caller):
        return
    if limit.has_its_share(caller):
        raise TooManyRequests("share-exceeded", at_once=limit.under_way(caller))
    raise Unavailable("overloaded", reason="busy")
