"""The ranking process: makes shortlists again when members have changed. Run by the service as a child.

A process of its own, since numpy's work would stall the service's heartbeats and its memory is not the service's.
Events only mark members dirty; here the marks of a burst are taken together and answered by one pass.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog

from services.matching.projections import PROFILES
from services.matching.ranking import Index, Suggestion, member_from_view
from services.matching.store import SHORTLISTS
from shared.chassis.child import die_with
from shared.chassis.lease import Lease
from shared.chassis.logs import configure_logs
from shared.chassis.mongo import DeleteOne, Mongo, ReplaceOne
from shared.chassis.projection import DIRTY
from shared.chassis.service import utc_now
from shared.chassis.settings import Settings

log = structlog.get_logger()
QUIET_SECONDS = 0.4
LONGEST_WAIT_SECONDS = 5
POLL_SECONDS = 0.2


class Ranker:
    """Answers dirty marks with passes over all members, one replica at a time."""

    def __init__(self, mongo: Mongo, lease: Lease, clock: Callable[[], datetime]) -> None:
        self._mongo = mongo
        self._lease = lease
        self._clock = clock
        self.stopping = asyncio.Event()

    async def run(self) -> None:
        """Rank until told to stop; a failure is logged and tried again."""
        while not self.stopping.is_set():
            try:
                if await self._lease.hold() and (marks := await self._burst()):
                    await self.rank_all(marks)
                    continue
            except Exception as error:
                log.warning("ranking_failed", error=repr(error))
            await self._pause(POLL_SECONDS)
        await self._lease.release()

    async def _burst(self) -> dict[str, str]:
        """Read the marks once they stop growing for a moment, or have grown long enough."""
        before: dict[str, str] = {}
        waited = 0.0
        while True:
            marks = {mark["_id"]: mark["by"] async for mark in self._mongo[DIRTY].find()}
            if not marks or marks == before or waited >= LONGEST_WAIT_SECONDS:
                return marks
            before = marks
            await self._pause(QUIET_SECONDS)
            waited += QUIET_SECONDS

    async def rank_all(self, marks: dict[str, str]) -> None:
        """Make every shortlist from one reading of the members, then take away the marks it answers.

        All of them, since words weigh by the whole corpus: so the same members give the same lists, whatever came first.
        """
        views = self._mongo[PROFILES.collection].find({"status": "approved"})
        members = [member_from_view(view["_id"], view) async for view in views]
        computed = self._clock()
        lists = await asyncio.to_thread(_lists, members)
        writes = [ReplaceOne({"_id": id}, {"lists": found, "computed": computed}, upsert=True) for id, found in lists.items()]
        if writes:
            await self._mongo[SHORTLISTS].bulk_write(writes, ordered=False)
        await self._mongo[SHORTLISTS].delete_many({"computed": {"$lt": computed}})
        if marks:
            await self._mongo[DIRTY].bulk_write([DeleteOne({"_id": id, "by": by}) for id, by in marks.items()], ordered=False)
        log.info("ranked", members=len(members), marks=len(marks))

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.stopping.wait(), seconds)
        except TimeoutError:
            return


def _lists(members: list[Any]) -> dict[str, dict[str, list[dict[str, Any]]]]:
    index = Index(members)
    return {
        member: {mode: [_document(item) for item in items] for mode, items in lists.items()} for member, lists in index.shortlists()
    }


def _document(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "partner": suggestion.partner,
        "score": suggestion.score,
        "rule": suggestion.rule,
        "contributions": suggestion.contributions,
        "passages": [vars(passage) for passage in suggestion.passages],
        "why": {"it": suggestion.why_it, "en": suggestion.why_en},
        "features": suggestion.features,
        "why_not": {"it": suggestion.why_not_it, "en": suggestion.why_not_en},
        "raise": {"it": suggestion.raise_it, "en": suggestion.raise_en},
    }


async def main() -> None:
    """Run until SIGTERM, or until the service that started it ends."""
    settings = Settings()
    configure_logs("matching.ranker", settings.log_level)
    mongo = Mongo(settings.mongo_url, settings.named("matching"), settings.mongo_timeout)
    ranker = Ranker(mongo, Lease(mongo, "ranker", f"ranker:{os.getpid()}", utc_now), utc_now)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ranker.stopping.set)
    await ranker.run()


if __name__ == "__main__":
    die_with(int(sys.argv[1]))
    asyncio.run(main())
