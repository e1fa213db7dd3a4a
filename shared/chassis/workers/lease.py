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
    """Another has taken the lease meanwhile."""


def holder() -> str:
    """Name a holder as nobody else is named: processes of two containers have the same numbers."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


class Lease:
    """Holds `name` for `seconds` at a time, renewed when a third of it has passed; where another has it, asked for again
    when a sixth has.

    `term` is another one whenever the lease was taken anew: in between somebody else may have had it.
    """

    def __init__(self, mongo: Mongo, name: str, holder: str, clock: Callable[[], datetime], seconds: float = 6) -> None:
        self.term = 0
        self._mongo = mongo
        self._name = name
        self._holder = holder
        self._clock = clock
        self._length = timedelta(seconds=seconds)
        self._until: datetime | None = None
        self._refused: datetime | None = None

    async def hold(self) -> bool:
        """Take or renew the lease; False where another replica has it."""
        now = self._clock()
        if self._until is not None and self._until - now > self._length * 2 / 3:
            return True
        if self._refused is not None and timedelta(0) <= now - self._refused < self._length / 6:
            return False
        until = now + self._length
        mine = {"_id": self._name, "holder": self._holder, "until": {"$gte": now}}
        free = {"_id": self._name, "$or": [{"holder": self._holder}, {"until": {"$lt": now}}]}
        taken = {"$set": {"holder": self._holder, "until": until}}
        try:
            if not (await self._mongo[LEASES].update_one(mine, taken)).matched_count:
                await self._mongo[LEASES].update_one(free, taken, upsert=True)
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
        """Renew the lease, in a transaction that so commits only while this holder has it. Raises LeaseLost."""
        mine = {"_id": self._name, "holder": self._holder}
        result = await self._mongo[LEASES].update_one(mine, {"$set": {"until": self._clock() + self._length}}, session=session)
        if not result.matched_count:
            raise LeaseLost(self._name)

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Renew the lease while the block works, however long. What the block writes confirms it all the same."""
        keeping = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping

    async def release(self) -> None:
        """Give the lease back, so that another replica need not wait for its end."""
        if self._until is not None:
            self._until = None
            await self._mongo[LEASES].delete_one({"_id": self._name, "holder": self._holder})

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(self._length.total_seconds() / 3)
            try:
                await self.confirm()
            except LeaseLost:
                return
            except Exception as error:
                log.warning("lease_not_renewed", lease=self._name, error=repr(error))
