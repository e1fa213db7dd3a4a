"""Watches for rewritten shortlists: one query each half second, for all long polls."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

from services.matching.shortlist.stored import SHORTLISTS
from shared.chassis.http.fair_shares import FairShares
from shared.chassis.mongo import Mongo
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.workers.polling_worker import PollingWorker

POLL_SECONDS = 0.5
WAKE_BATCH, WAKE_PAUSE_SECONDS = 32, 0.05
"""A full rebuild wakes every long poll: some at a time, since each then needs a place that other requests want too."""


class ShortlistWatcher(PollingWorker):
    """Wakes the long polls of a member's shortlist. Sends no query while there are none."""

    def __init__(self, mongo: Mongo, stopping: Callable[[], bool], polls_each: int) -> None:
        super().__init__(self._round, name="change_watcher", interval=POLL_SECONDS)
        self.shares = FairShares(polls_each)
        self._mongo = mongo
        self._service_stopping = stopping
        self._polls: dict[str, dict[asyncio.Event, datetime | None]] = defaultdict(dict)

    async def wait(self, member: str, computed: datetime | None, seconds: float) -> bool:
        """Wait until the shortlist is no longer the one computed then.

        False where it still is after `seconds`, or when the service is about to stop.
        """
        if self._ending:
            return False
        changed = asyncio.Event()
        self._polls[member][changed] = computed
        try:
            async with asyncio.timeout(seconds):
                await changed.wait()
        except TimeoutError:
            return False
        finally:
            self._polls[member].pop(changed, None)
            if not self._polls[member]:
                del self._polls[member]
        return not self._ending

    @property
    def waiting(self) -> int:
        """How many long polls wait."""
        return sum(map(len, self._polls.values()))

    @property
    def _ending(self) -> bool:
        return self.stopping or self._service_stopping()

    async def _round(self) -> None:
        if self._ending:
            self._wake_all()
        elif self._polls:
            await self._wake_changed()

    async def stop(self) -> None:
        """End all long polls."""
        self.request_stop()
        self._wake_all()
        await super().stop()

    async def _wake_changed(self) -> None:
        documents = self._mongo[SHORTLISTS].find({"_id": {"$in": list(self._polls)}}, {"computed": 1})
        computed = {document["_id"]: document["computed"] async for document in documents}
        polls = [(member, changed, before) for member, polls in self._polls.items() for changed, before in polls.items()]
        outdated = [changed for member, changed, before in polls if computed.get(member) != before]
        for number, changed in enumerate(outdated, 1):
            changed.set()
            if number % WAKE_BATCH == 0:
                await asyncio.sleep(WAKE_PAUSE_SECONDS)

    def _wake_all(self) -> None:
        for polls in self._polls.values():
            for changed in polls:
                changed.set()


def shortlist_watcher(runtime: Runtime) -> ShortlistWatcher:
    """The watcher of a service process."""
    return ShortlistWatcher(runtime.mongo, lambda: runtime.stopping, runtime.settings.long_polls_each)
