"""Closed for commands: while somebody holds the lease `closed` in a service's database, HTTP changes nothing there.

A lease, so that a backup that dies closes nothing for longer than its lease lasts.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime

from shared.chassis.errors import Unavailable
from shared.chassis.mongo import Mongo
from shared.chassis.workers.lease import LEASES

CLOSED = "closed"
NOTICED_SECONDS = 1.0
"""A replica notices within this time that it is closed, or open again."""


class Closed(Unavailable):
    """Commands are refused while a backup is made."""

    def __init__(self) -> None:
        super().__init__("backup-under-way")


class Gate:
    """Knows whether the service is closed. Read once a second at most: a command costs no round trip of its own.

    A command that passed just before may still commit: whoever closes waits for that, and looks at the end whether one did.
    """

    def __init__(self, mongo: Mongo, clock: Callable[[], datetime]) -> None:
        self._mongo = mongo
        self._clock = clock
        self._until: datetime | None = None
        self._read_at = float("-inf")
        self._failed_at = float("-inf")
        self._reading: asyncio.Task[None] | None = None

    async def check(self) -> None:
        """Raise Closed while the service is closed for commands; driver errors where nobody can tell.

        All who ask at one time wait for one answer, and a read that failed answers for as long as one that did not.
        """
        now = time.monotonic()
        if now - self._read_at > NOTICED_SECONDS:
            if self._reading is None or (self._reading.done() and now - self._failed_at > NOTICED_SECONDS):
                self._reading = asyncio.create_task(self._read())
            await asyncio.shield(self._reading)
        if self._until is not None and self._until > self._clock():
            raise Closed

    async def _read(self) -> None:
        asked = time.monotonic()
        try:
            lease = await self._mongo[LEASES].find_one({"_id": CLOSED})
        except BaseException:
            self._failed_at = time.monotonic()
            raise
        self._until = lease["until"] if lease else None
        self._read_at = asked
