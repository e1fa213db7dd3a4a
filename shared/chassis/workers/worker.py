"""Workers: background work beside the requests, restarted when it fails."""

import asyncio
from collections.abc import Callable
from typing import Protocol

import structlog

log = structlog.get_logger()
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds before a failed worker is restarted; doubled at each failure."""


class Worker(Protocol):
    """Background work of a service: the mail sender, the ranking process."""

    async def run(self) -> None:
        """Work until `stop`, or until nothing is left to do."""
        ...

    async def stop(self) -> None:
        """Finish what is under way."""
        ...


async def supervise(worker: Worker, stopping: Callable[[], bool]) -> None:
    """Run a worker until it returns, and restart it when it fails, unless the service is stopping."""
    pause = FIRST_PAUSE
    while not stopping():
        try:
            await worker.run()
        except Exception:
            log.exception("worker_failed", worker=type(worker).__name__, retry_in=pause)
        else:
            return
        await asyncio.sleep(pause)
        pause = min(LONGEST_PAUSE, pause * 2)
