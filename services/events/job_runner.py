"""The loop that runs the periodic jobs of this process, for whoever wakes it."""

import asyncio
import time
from abc import ABC, abstractmethod
from contextlib import suppress

POLL = 1.0
QUIET = 5.0
"""Seconds between two rounds over all events, also those where nothing goes on."""


class JobRunner(ABC):
    """Runs a round once a second where something goes on, and everywhere now and then or when woken."""

    def __init__(self) -> None:
        self._wake = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look everywhere at once."""
        self._wake.set()

    async def run(self) -> None:
        """Look until told to stop."""
        looked = float("-inf")
        while not self._stopping:
            everywhere = self._wake.is_set() or time.monotonic() - looked >= QUIET
            looked = time.monotonic() if everywhere else looked
            self._wake.clear()
            await self.round(everywhere)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), POLL)

    async def stop(self) -> None:
        """Stop after this round."""
        self._stopping = True
        self._wake.set()

    @abstractmethod
    async def round(self, everywhere: bool = True) -> None:
        """Do everything that is due now; what fails holds up nothing else, and is retried."""
