"""A background loop: it works until it is stopped, and survives what fails."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from shared.chassis.workers.lease import Lease

log = structlog.get_logger()


class PollingWorker:
    """Calls `work` until stopped: immediately after a call that returned something true, otherwise when woken or after `interval`.

    A call that fails is logged and repeated after a pause that doubles, up to `max_pause`. With a lease only its holder works.
    Times are in seconds.
    """

    def __init__(
        self,
        work: Callable[[], Awaitable[object]],
        *,
        name: str,
        interval: float,
        max_pause: float = 5.0,
        lease: Lease | None = None,
    ) -> None:
        self.name = name
        self.interval = interval
        self._work = work
        self._max_pause = max_pause
        self._lease = lease
        self._woken = asyncio.Event()
        self._stopped = asyncio.Event()
        self._working = asyncio.Lock()

    @property
    def stopping(self) -> bool:
        """Whether a stop was requested: work that takes long ends early."""
        return self._stopped.is_set()

    def wake(self) -> None:
        """Look for work now."""
        self._woken.set()

    async def run(self) -> None:
        """Work until stopped."""
        failures = 0
        while not self.stopping:
            self._woken.clear()
            try:
                async with self._working:
                    busy = not self.stopping and await self.may_work() and await self._work()
            except Exception as error:
                pause = min(max(self._max_pause, self.interval), self.interval * 2**failures)
                failures += 1
                log.warning("round_failed", worker=self.name, error=repr(error), retry_in=pause)
                # Not ended by `wake`: whatever is down would be asked once for each command.
                await self.pause(pause)
                continue
            failures = 0
            if not busy:
                await _wait(self._woken, self.interval)

    async def pause(self, seconds: float) -> None:
        """Sleep, at most until the stop."""
        await _wait(self._stopped, seconds)

    def request_stop(self) -> None:
        """End after the call under way, without waiting for it."""
        self._stopped.set()
        self._woken.set()

    async def finish(self) -> None:
        """End after the call under way, and keep the lease."""
        self.request_stop()
        async with self._working:
            pass

    async def stop(self) -> None:
        """End after the call under way, and release the lease."""
        await self.finish()
        if self._lease is not None:
            await self._lease.release()

    async def may_work(self) -> bool:
        """Whether this replica works now."""
        return self._lease is None or await self._lease.acquire()


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
