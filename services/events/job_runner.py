"""The loop that runs the periodic jobs of this process, for whoever wakes it."""

import time
from collections.abc import Awaitable, Callable

from shared.chassis.workers.polling_worker import PollingWorker

POLL = 1.0
QUIET = 5.0
"""Seconds between two rounds over all events, also those where nothing goes on."""


class JobRunner(PollingWorker):
    """Calls `jobs` once a second for events where something goes on, and with `everywhere` now and then or when woken."""

    def __init__(self, jobs: Callable[[bool], Awaitable[None]]) -> None:
        super().__init__(self._round_now, name="job_runner", interval=POLL)
        self._jobs = jobs
        self._everywhere_at = float("-inf")

    def wake(self) -> None:
        """Look everywhere now."""
        self._everywhere_at = float("-inf")
        super().wake()

    async def _round_now(self) -> None:
        everywhere = time.monotonic() >= self._everywhere_at
        if everywhere:
            self._everywhere_at = time.monotonic() + QUIET
        await self._jobs(everywhere)
