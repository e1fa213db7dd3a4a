"""Waits for shortlists that are made again: one question to the database each half second, for all who wait together."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

from services.matching.store import SHORTLISTS
from shared.chassis.mongo import Mongo
from shared.chassis.workers.polling_worker import PollingWorker

POLL_SECONDS = 0.5
WOKEN_AT_ONCE, PAUSE_SECONDS = 32, 0.05
"""A pass over all members wakes everybody: a few at a time, since each then works at a place that others want too."""


class Watcher(PollingWorker):
    """Wakes the requests that wait for a member's shortlist. Nothing is asked of the database while nobody waits."""

    def __init__(self, mongo: Mongo, stopping: Callable[[], bool]) -> None:
        super().__init__(self._round, name="change_watcher", interval=POLL_SECONDS)
        self._mongo = mongo
        self._service_stopping = stopping
        self._waiting: dict[str, dict[asyncio.Event, datetime | None]] = defaultdict(dict)

    async def wait(self, member: str, seen: datetime | None, seconds: float) -> bool:
        """Wait until the shortlist is no longer the one computed at `seen`.

        False where it still is after `seconds`, or when the service is about to stop.
        """
        if self._ending:
            return False
        changed = asyncio.Event()
        self._waiting[member][changed] = seen
        try:
            async with asyncio.timeout(seconds):
                await changed.wait()
        except TimeoutError:
            return False
        finally:
            self._waiting[member].pop(changed, None)
            if not self._waiting[member]:
                del self._waiting[member]
        return not self._ending

    @property
    def waiting(self) -> int:
        """How many requests wait."""
        return sum(map(len, self._waiting.values()))

    @property
    def _ending(self) -> bool:
        return self.stopping or self._service_stopping()

    async def _round(self) -> None:
        if self._ending:
            self._wake_all()
        elif self._waiting:
            await self._look()

    async def stop(self) -> None:
        """Wake all who wait."""
        self.request_stop()
        self._wake_all()
        await super().stop()

    async def _look(self) -> None:
        found = self._mongo[SHORTLISTS].find({"_id": {"$in": list(self._waiting)}}, {"computed": 1})
        computed = {document["_id"]: document["computed"] async for document in found}
        waiting = [(member, *one) for member, those in self._waiting.items() for one in those.items()]
        outdated = [changed for member, changed, seen in waiting if computed.get(member) != seen]
        for number, changed in enumerate(outdated, 1):
            changed.set()
            if number % WOKEN_AT_ONCE == 0:
                await asyncio.sleep(PAUSE_SECONDS)

    def _wake_all(self) -> None:
        for waiting in self._waiting.values():
            for changed in waiting:
                changed.set()
