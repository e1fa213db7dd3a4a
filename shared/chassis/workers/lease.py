"""A lease: one replica at a time does a job. It saves work; safety comes from what the job writes."""

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

import structlog

from shared.chassis.mongo import Mongo, Session, is_duplicate

log = structlog.get_logger()
LEASES = "leases"


class LeaseLost(Exception):
    """Another holder has acquired the lease meanwhile."""


def unique_holder() -> str:
    """A name no other holder has: processes of two containers may have the same id."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


class Lease:
    """Holds `name` for `seconds`; `acquire` renews it after a third of that, and asks for a refused one after a sixth.

    `term` grows each time the lease is acquired anew: in between another holder may have had it.
    """

    def __init__(
        self, mongo: Mongo, name: str, clock: Callable[[], datetime], *, holder: str | None = None, seconds: float = 6
    ) -> None:
        self.term = 0
        self._mongo = mongo
        self._name = name
        self._holder = holder or unique_holder()
        self._clock = clock
        self._length = timedelta(seconds=seconds)
        self._until: datetime | None = None
        self._refused: datetime | None = None

    @property
    def held(self) -> bool:
        """Whether this holder had the lease when it last asked; it may have expired since."""
        return self._until is not None

    async def acquire(self) -> bool:
        """Take or renew the lease; False where another replica has it."""
        now = self._clock()
        if self._until is not None and self._until - now > self._length * 2 / 3:
            return True
        if self._refused is not None and timedelta(0) <= now - self._refused < self._length / 6:
            return False
        until = now + self._length
        own = {"_id": self._name, "holder": self._holder, "until": {"$gte": now}}
        free = {"_id": self._name, "$or": [{"holder": self._holder}, {"until": {"$lt": now}}]}
        change = {"$set": {"holder": self._holder, "until": until}}
        try:
            if not (await self._mongo[LEASES].update_one(own, change)).matched_count:
                await self._mongo[LEASES].update_one(free, change, upsert=True)
                self.term += 1
        except Exception as error:
            self._until = None
            if not is_duplicate(error):
                raise
            self._refused = now
            return False
        self._until, self._refused = until, None
        return True

    async def confirm(self, session: Session | None = None) -> None:
        """Renew the lease, in a transaction that thus commits only while this holder has it. Raises LeaseLost."""
        own = {"_id": self._name, "holder": self._holder}
        until = self._clock() + self._length
        result = await self._mongo[LEASES].update_one(own, {"$set": {"until": until}}, session=session)
        if not result.matched_count:
            self._until = None
            raise LeaseLost(self._name)

    @asynccontextmanager
    async def keep_alive(self) -> AsyncIterator[None]:
        """Renew the lease while the block works, however long. What the block writes confirms it all the same."""
        renewing = asyncio.create_task(self._renew())
        try:
            yield
        finally:
            renewing.cancel()
            with suppress(asyncio.CancelledError):
                await renewing

    async def release(self) -> None:
        """Release the lease, so that another replica need not wait for its expiry."""
        if self._until is not None:
            self._until = None
            await self._mongo[LEASES].delete_one({"_id": self._name, "holder": self._holder})

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._length.total_seconds() / 3)
            try:
                await self.confirm()
            except LeaseLost:
                log.warning("lease_lost", lease=self._name)
                return
            except Exception as error:
                log.warning("lease_not_renewed", lease=self._name, error=repr(error))
