"""Keeps every service read-only during a backup, and read-write afterwards, however the backup ends."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import structlog

from distretti.ops.backup.errors import BackupError, Lapsed
from shared.chassis.clock import utc_now
from shared.chassis.http.read_only_mode import READ_ONLY_LEASE
from shared.chassis.mongo import Mongo
from shared.chassis.workers.lease import Lease

log = structlog.get_logger()
LEASE_SECONDS = 12.0
RENEWAL_DEADLINE = LEASE_SECONDS * 0.6
"""Seconds. A lease renewed within this time after its last renewal has not expired in between."""


class ReadOnlyLease:
    """The leases that keep the services read-only, renewed by `keep`."""

    def __init__(self, leases: Sequence[Lease]) -> None:
        self._leases = leases
        self._held_at = time.monotonic()
        self._lapsed = False

    async def take(self) -> None:
        """Make every service read-only. Raises BackupError where another backup holds a lease."""
        requested_at = time.monotonic()
        held = [await lease.acquire() for lease in self._leases]
        if not all(held):
            raise BackupError("Another backup of this system is under way: wait for its end.")
        self._held_at = requested_at

    async def keep(self) -> None:
        """Renew the leases until cancelled."""
        while True:
            await asyncio.sleep(1)
            requested_at = time.monotonic()
            try:
                held = await asyncio.gather(*(lease.acquire() for lease in self._leases))
            except Exception as error:
                log.warning("read_only_lease_not_renewed", error=repr(error))
                continue
            self._lapsed = self._lapsed or not all(held) or time.monotonic() - self._held_at > RENEWAL_DEADLINE
            self._held_at = requested_at

    def check(self) -> None:
        """Raise Lapsed where the services may have been read-write for a moment since `take`."""
        if self._lapsed or time.monotonic() - self._held_at > RENEWAL_DEADLINE:
            raise Lapsed("MongoDB did not answer in time to keep the system read-only: there is no backup. Retry.")

    async def release(self) -> None:
        """Make the services read-write; where this fails, the lease expires by itself."""
        for result in await asyncio.gather(*(lease.release() for lease in self._leases), return_exceptions=True):
            if isinstance(result, BaseException):
                log.warning("read_only_lease_not_released", error=repr(result))


@asynccontextmanager
async def read_only(stores: Sequence[Mongo], clock: Callable[[], datetime] = utc_now) -> AsyncIterator[ReadOnlyLease]:
    """Make the services with these databases read-only until the block ends. Raises BackupError."""
    holder = f"backup:{uuid.uuid4().hex}"
    lease = ReadOnlyLease([Lease(store, READ_ONLY_LEASE, clock, holder=holder, seconds=LEASE_SECONDS) for store in stores])
    keeper: asyncio.Task[None] | None = None
    try:
        await lease.take()
        keeper = asyncio.create_task(lease.keep())
        yield lease
    finally:
        if keeper is not None:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)
        await lease.release()
