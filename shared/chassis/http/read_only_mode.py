"""Read-only mode: while the lease `closed` is held in a service's database, HTTP changes nothing there.

A lease, so that a backup that dies blocks nothing for longer than its lease lasts.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.chassis.errors import Unavailable
from shared.chassis.http.problems import on_refusal
from shared.chassis.mongo import Mongo
from shared.chassis.workers.lease import LEASES

READ_ONLY_LEASE = "closed"
REFRESH_SECONDS = 1.0
"""A replica enters and leaves the mode within this time."""
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


class ReadOnly(Unavailable):
    """Commands are refused while a backup is made."""

    reason = "read_only"

    def __init__(self) -> None:
        super().__init__("backup-under-way")


class ReadOnlyMode:
    """Knows whether the service is read-only. Read from the database at most once a second: a command costs no extra round trip.

    A command that passed just before may still commit: a backup waits for that, and checks at its end whether one did.
    """

    def __init__(self, mongo: Mongo, clock: Callable[[], datetime]) -> None:
        self._mongo = mongo
        self._clock = clock
        self._until: datetime | None = None
        self._refreshed_at = float("-inf")
        self._failed_at = float("-inf")
        self._refreshing: asyncio.Task[None] | None = None

    async def check(self) -> None:
        """Raise ReadOnly in read-only mode, and driver errors where the mode cannot be read.

        Concurrent callers share one read, and a failed read is not repeated sooner than a successful one.
        """
        now = time.monotonic()
        if now - self._refreshed_at > REFRESH_SECONDS:
            if self._refreshing is None or (self._refreshing.done() and now - self._failed_at > REFRESH_SECONDS):
                self._refreshing = asyncio.create_task(self._refresh())
            await asyncio.shield(self._refreshing)
        if self._until is not None and self._until > self._clock():
            raise ReadOnly

    async def _refresh(self) -> None:
        started = time.monotonic()
        try:
            lease = await self._mongo[LEASES].find_one({"_id": READ_ONLY_LEASE})
        except BaseException:
            self._failed_at = time.monotonic()
            raise
        self._until = lease["until"] if lease else None
        self._refreshed_at = started


class ReadOnlyMiddleware:
    """ASGI middleware: whatever may change something answers 503 with Retry-After in read-only mode."""

    def __init__(self, app: ASGIApp, mode: ReadOnlyMode) -> None:
        self._app = app
        self._mode = mode

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS:
            try:
                await self._mode.check()
            except ReadOnly as refusal:
                await (await on_refusal(Request(scope), refusal))(scope, receive, send)
                return
        await self._app(scope, receive, send)
