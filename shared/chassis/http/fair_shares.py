"""Fair shares: of places that all callers want, each holds a few at a time.

Own code, since what libraries of rate limits count is requests over time: here the places are scarce, and for how long each is
held is not known before.
"""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.chassis.errors import TooManyRequests
from shared.chassis.http.concurrency_limit import ConcurrencyLimit, acquire

CALLERS = 4
"""So many callers fill the places of all: none has more than a quarter."""


class FairShares:
    """Gives each caller `max_concurrent` places; `max_queued` more requests of it wait for them for at most `max_wait` seconds."""

    def __init__(self, max_concurrent: int, max_queued: int = 0, max_wait: float = 0) -> None:
        self._share = max_concurrent, max_queued, max_wait
        self._limits: dict[str, ConcurrencyLimit] = {}
        self._requests: Counter[str] = Counter()

    @property
    def callers(self) -> int:
        """How many callers hold a place or wait for one: of others nothing is kept."""
        return len(self._limits)

    @asynccontextmanager
    async def place(self, caller: str) -> AsyncIterator[None]:
        """Hold one of a caller's places for the block. Raises TooManyRequests."""
        limit = self._limits.setdefault(caller, ConcurrencyLimit(*self._share))
        self._requests[caller] += 1
        try:
            if not await limit.acquire():
                raise TooManyRequests("share-exceeded", at_once=self._share[0])
            try:
                yield
            finally:
                limit.release()
        finally:
            self._requests[caller] -= 1
            if not self._requests[caller]:
                del self._requests[caller], self._limits[caller]


class SharedPlaces:
    """So many places for all callers, and at most a quarter of them for each."""

    def __init__(self, places: int) -> None:
        self._places = ConcurrencyLimit(places, 0, 0, CALLERS)

    @asynccontextmanager
    async def place(self, caller: str) -> AsyncIterator[None]:
        """Hold a place for the block. Raises TooManyRequests beyond the share, Unavailable where none is left."""
        await acquire(self._places, caller)
        try:
            yield
        finally:
            self._places.release(caller)
