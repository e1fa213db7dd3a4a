"""Concurrency limit: a bounded number of requests at a time, a short queue, and bodies of a bounded length (ADR 15)."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.chassis.config import Settings
from shared.chassis.errors import Refusal, TooLarge, Unavailable
from shared.chassis.http.problems import RefusedBody, on_refusal
from shared.chassis.telemetry.metrics_and_traces import Metrics

API = "/v1/"


class ConcurrencyLimit:
    """Admits `max_concurrent`; `max_queued` more wait for at most `max_wait` seconds, first in, first out."""

    def __init__(self, max_concurrent: int, max_queued: int, max_wait: float) -> None:
        self._permits = asyncio.Semaphore(max_concurrent)
        self._max_queued = max_queued
        self._max_wait = max_wait
        self._queued = 0

    async def acquire(self) -> bool:
        """Take a permit; False where none is free in time, or the queue is full."""
        if not self._permits.locked():
            return await self._permits.acquire()
        if self._queued >= self._max_queued:
            return False
        self._queued += 1
        try:
            async with asyncio.timeout(self._max_wait):
                return await self._permits.acquire()
        except TimeoutError:
            return False
        finally:
            self._queued -= 1

    def release(self) -> None:
        """Release the permit."""
        self._permits.release()


class Permit:
    """The permit of a request, in `request.state.permit`. A long poll releases it while it waits."""

    def __init__(self, requests: ConcurrencyLimit, long_polls: ConcurrencyLimit, metrics: Metrics) -> None:
        self._requests = requests
        self._long_polls = long_polls
        self._metrics = metrics
        self._held = True

    @asynccontextmanager
    async def released_while_waiting(self) -> AsyncIterator[None]:
        """Release the permit for the block, then acquire another.

        Raises Unavailable where too many long polls wait, or where no permit is free in time afterwards.
        """
        await _acquire(self._long_polls)
        self._requests.release()
        self._held = False
        try:
            with self._metrics.http_waiting.track_inprogress():
                yield
        finally:
            self._long_polls.release()
        await _acquire(self._requests)
        self._held = True

    def release(self) -> None:
        """Release the permit, if it is held."""
        if self._held:
            self._requests.release()


class ConcurrencyLimitMiddleware:
    """ASGI middleware: what cannot be served soon is refused immediately, with 503 and Retry-After.

    Operations (health, metrics, documents) always pass. `streamed` are the paths of bulk imports, each long and many
    commands: they have a limit of their own, and their body is read piece by piece instead of whole.
    """

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics, streamed: Collection[str]) -> None:
        self._app = app
        self._metrics = metrics
        self._streamed = frozenset(streamed)
        self._max_body_bytes = settings.body_bytes
        self._requests = ConcurrencyLimit(settings.requests_at_once, settings.requests_waiting, settings.requests_patience)
        self._imports = ConcurrencyLimit(settings.imports_at_once, settings.requests_waiting, settings.requests_patience)
        self._long_polls = ConcurrencyLimit(settings.max_long_polls, 0, 0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        if scope["type"] != "http" or not path.startswith(API):
            await self._app(scope, receive, send)
            return
        streamed = path in self._streamed
        limit = self._imports if streamed else self._requests
        try:
            if not streamed and _content_length(scope) > self._max_body_bytes:
                raise TooLarge("body-too-large", most=self._max_body_bytes)
            await _acquire(limit)
        except Refusal as refusal:
            await (await on_refusal(Request(scope), refusal))(scope, receive, send)
            return
        permit = Permit(limit, self._long_polls, self._metrics)
        scope.setdefault("state", {})["permit"] = permit
        try:
            await self._app(scope, receive if streamed else self._limited(receive), send)
        finally:
            permit.release()

    def _limited(self, receive: Receive) -> Receive:
        """Count a body whose length was not announced."""
        received = 0

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._max_body_bytes:
                raise RefusedBody(TooLarge("body-too-large", most=self._max_body_bytes))
            return message

        return limited


async def _acquire(limit: ConcurrencyLimit) -> None:
    if not await limit.acquire():
        raise Unavailable("overloaded", reason="busy")


def _content_length(scope: Scope) -> int:
    """Read Content-Length; 0 where it is absent or no number."""
    length = dict(scope["headers"]).get(b"content-length", b"")
    return int(length) if length.isdigit() and len(length) < 20 else 0
