"""Every service closed for commands while a backup is made, and open again whatever becomes of the backup."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import structlog

from distretti.ops.backup.errors import BackupError, Lapsed
from shared.chassis.clock import utc_now
from shared.chassis.http.read_only_mode import CLOSED
from shared.chassis.mongo import Mongo
from shared.chassis.workers.lease import Lease

log = structlog.get_logger()
LEASE_SECONDS = 12.0
KEPT = LEASE_SECONDS * 0.6
"""A lease that was held has two thirds of its time left: asked again within this, it has not ended in between."""


class Closure:
    """The leases that close the services, renewed by `keep`."""

    def __init__(self, leases: Sequence[Lease]) -> None:
        self._leases = leases
        self._held_at = time.monotonic()
        self._lapsed = False

    async def take(self) -> None:
        """Close every service. Raises BackupError where another backup has closed one."""
        asked = time.monotonic()
        held = [await lease.hold() for lease in self._leases]
        if not all(held):
            raise BackupError("Another backup of this system is under way: wait for its end.")
        self._held_at = asked

    async def keep(self) -> None:
        """Renew the leases until cancelled."""
        while True:
            await asyncio.sleep(1)
            asked = time.monotonic()
            try:
                held = await asyncio.gather(*(lease.hold() for lease in self._leases))
            except Exception as error:
                log.warning("closure_not_renewed", error=repr(error))
                continue
            self._lapsed = self._lapsed or not all(held) or time.monotonic() - self._held_at > KEPT
            self._held_at = asked

    def check(self) -> None:
        """Raise Lapsed where the services may have been open for a moment since they were closed."""
        if self._lapsed or time.monotonic() - self._held_at > KEPT:
            raise Lapsed("MongoDB did not answer in time to keep the system closed: there is no backup. Try again.")

    async def release(self) -> None:
        """Open the services; what cannot be opened now opens by itself when its lease ends."""
        for result in await asyncio.gather(*(lease.release() for lease in self._leases), return_exceptions=True):
            if isinstance(result, BaseException):
                log.warning("closure_not_released", error=repr(result))


@asynccontextmanager
async def closed(stores: Sequence[Mongo], clock: Callable[[], datetime] = utc_now) -> AsyncIterator[Closure]:
    """Close the services with these databases for commands until the block ends. Raises BackupError."""
    holder = f"backup:{uuid.uuid4().hex}"
    closure = Closure([Lease(store, CLOSED, holder, clock, LEASE_SECONDS) for store in stores])
    keeper: asyncio.Task[None] | None = None
    try:
        await closure.take()
        keeper = asyncio.create_task(closure.keep())
        yield closure
    finally:
        if keeper is not None:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)
        await closure.release()
