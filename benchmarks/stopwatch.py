"""A stopwatch that starts with the first event, so that joining the consumer group is not measured."""

import asyncio
import time
from collections.abc import Callable

from prometheus_client import Counter

LONGEST_SECONDS = 60


class Stopwatch:
    """Started by the handler of the first event."""

    def __init__(self) -> None:
        self._started: float | None = None

    def start(self) -> None:
        """Start, unless it is running."""
        if self._started is None:
            self._started = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        assert self._started is not None, "no event was handled"
        return time.perf_counter() - self._started

    async def until(self, done: Callable[[], bool]) -> float:
        """Poll every 5 ms until `done`; return the seconds since the start. Raises TimeoutError after a minute."""
        async with asyncio.timeout(LONGEST_SECONDS):
            while not done():  # noqa: ASYNC110 - a counter of production has no event to wait for
                await asyncio.sleep(0.005)
        return self.seconds


def counted(counter: Counter) -> float:
    """The present total of a counter over all its labels."""
    return sum(sample.value for metric in counter.collect() for sample in metric.samples if sample.name.endswith("_total"))
