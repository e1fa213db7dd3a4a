"""A lease: one replica at a time does a job. It saves work; safety comes from what the job writes."""

from collections.abc import Callable
from datetime import datetime, timedelta

from shared.chassis.mongo import Mongo, Session, is_duplicate

LEASES = "leases"


class LeaseLost(Exception):
    """Another has taken the lease meanwhile."""


class Lease:
    """Holds `name` for `seconds` at a time, renewed when a third of it has passed; where another has it, asked for again
    when a sixth has.
    """

    def __init__(self, mongo: Mongo, name: str, holder: str, clock: Callable[[], datetime], seconds: float = 6) -> None:
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
        free = {"_id": self._name, "$or": [{"holder": self._holder}, {"until": {"$lt": now}}]}
        try:
            await self._mongo[LEASES].update_one(free, {"$set": {"holder": self._holder, "until": until}}, upsert=True)
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

    async def release(self) -> None:
        """Give the lease back, so that another replica need not wait for its end."""
        if self._until is not None:
            self._until = None
            await self._mongo[LEASES].delete_one({"_id": self._name, "holder": self._holder})
