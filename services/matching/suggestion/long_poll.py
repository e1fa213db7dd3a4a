"""Entity tags of what is computed, and requests that wait until it is another one."""

import asyncio
import hashlib
import json
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Query, Request

from services.matching.suggestion.change_watcher import Watcher
from shared.chassis.runtime.dependencies import worker

LONGEST_WAIT = 55
"""Seconds; below the minute after which networks drop what is silent."""

Wait = Annotated[int, Query(ge=0, le=LONGEST_WAIT, description="With If-None-Match: wait so many seconds for another list.")]


def digest(value: Any) -> str:
    """Name a value by what it says: the same value gives the same name."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:24]


def weak_tag(value: Any) -> str:
    """Write the entity tag of an answer that says this, whatever else is in it."""
    return f'W/"{digest(value)}"'


class Changes:
    """Waits for a request, without holding a place that others could work at."""

    def __init__(self, request: Request, watcher: Watcher) -> None:
        self._request = request
        self._watcher = watcher

    async def another(self, member: str, seen: datetime | None, seconds: float) -> bool:
        """Wait for a shortlist computed later than `seen`; False after `seconds`, or when nobody waits for the answer any more.

        Raises Unavailable where too many requests wait.
        """
        async with self._request.state.permit.released_while_waiting():
            watching = asyncio.create_task(self._watcher.wait(member, seen, seconds))
            leaving = asyncio.create_task(self._gone())
            try:
                await asyncio.wait((watching, leaving), return_when=asyncio.FIRST_COMPLETED)
                return watching.done() and watching.result()
            finally:
                for task in (watching, leaving):
                    task.cancel()
                    with suppress(asyncio.CancelledError):
                        await task

    async def _gone(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            pass


async def _changes(request: Request, watcher: Annotated[Watcher, Depends(worker(Watcher))]) -> Changes:
    return Changes(request, watcher)


Waiting = Annotated[Changes, Depends(_changes)]
