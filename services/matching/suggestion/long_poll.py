"""Long polling: requests that wait until a list changes; and entity tags of computed answers."""

import asyncio
import hashlib
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query, Request

from services.matching.suggestion.change_watcher import ShortlistWatcher
from shared.chassis.http.auth import CurrentPrincipal
from shared.chassis.runtime.dependencies import worker

LONGEST_WAIT = 55
"""Seconds; below the minute after which proxies drop idle connections."""

Wait = Annotated[int, Query(ge=0, le=LONGEST_WAIT, description="With If-None-Match: wait so many seconds for another list.")]


def digest(value: object) -> str:
    """Hash a value by its representation: equal values have equal digests."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:24]


def weak_tag(value: object) -> str:
    """Write the weak entity tag of an answer with this content, whatever else is in it."""
    return f'W/"{digest(value)}"'


class LongPoll:
    """Waits for a request, while its place among the requests at work is released."""

    def __init__(self, request: Request, watcher: ShortlistWatcher, caller: str) -> None:
        self._request = request
        self._watcher = watcher
        self._caller = caller

    def share(self, may_wait: bool) -> AbstractAsyncContextManager[None]:
        """Hold one of its caller's places for the block, if it may wait. Raises TooManyRequests where too many are held."""
        return self._watcher.shares.place(self._caller) if may_wait else nullcontext()

    async def wait(self, member: str, computed: datetime | None, seconds: float) -> bool:
        """Wait for a shortlist computed later; False after `seconds`, or when the client has disconnected.

        Raises Unavailable where too many of all wait.
        """
        async with self._request.state.permit.released_while_waiting():
            watching = asyncio.create_task(self._watcher.wait(member, computed, seconds))
            disconnecting = asyncio.create_task(self._disconnected())
            try:
                await asyncio.wait((watching, disconnecting), return_when=asyncio.FIRST_COMPLETED)
                return watching.done() and watching.result()
            finally:
                for task in (watching, disconnecting):
                    task.cancel()
                    with suppress(asyncio.CancelledError):
                        await task

    async def _disconnected(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            pass


async def long_poll(
    request: Request, principal: CurrentPrincipal, watcher: Annotated[ShortlistWatcher, Depends(worker(ShortlistWatcher))]
) -> LongPoll:
    """Bind long polling to this request."""
    return LongPoll(request, watcher, principal.caller)


Poll = Annotated[LongPoll, Depends(long_poll)]
