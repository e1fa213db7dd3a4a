"""The worker that runs the periodic jobs of this process, and that operations wake."""

import time
from collections.abc import Awaitable, Callable

from shared.chassis.workers.polling_worker import PollingWorker

INTERVAL = 1.0
"""Seconds between two rounds over the busy events."""
FULL_INTERVAL = 5.0
"""Seconds between two rounds over all events."""


class JobRunner(PollingWorker):
    """Calls `jobs` for the busy events at each interval, and for all events at each full interval or when woken."""

    def __init__(self, jobs: Callable[[bool], Awaitable[None]]) -> None:
        super().__init__(self._round_now, name="job_runner", interval=INTERVAL)
        self._jobs = jobs
        self._everywhere_at = float("-inf")

    def wake(self) -> None:
        """Start a round over all events now."""
        self._everywhere_at = float("-inf")
        super().wake()

    async def _round_now(self) -> None:
        everywhere = time.monotonic() >= self._everywhere_at
        if everywhere:
            self._everywhere_at = time.monotonic() + FULL_INTERVAL
        await self._jobs(everywhere)
