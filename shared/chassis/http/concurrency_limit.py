"""What a service takes in at once: a bounded number of requests, a short queue, and bodies of a bounded length."""

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


class Gate:
    """Lets `at_once` in; `waiting` more wait their turn for at most `patience` seconds, in the order they came."""

    def __init__(self, at_once: int, waiting: int, patience: float) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._most_waiting = waiting
        self._patience = patience
        self._waiting = 0

    async def enter(self) -> bool:
        """Take a place; False where none is free in time, or too many wait already."""
        if not self._places.locked():
            return await self._places.acquire()
        if self._waiting >= self._most_waiting:
            return False
        self._waiting += 1
        try:
            async with asyncio.timeout(self._patience):
                return await self._places.acquire()
        except TimeoutError:
            return False
        finally:
            self._waiting -= 1

    def leave(self) -> None:
        """Give the place back."""
        self._places.release()


class Place:
    """The place a request works at. While it only waits for something it lends it to others: `request.state.place`."""

    def __init__(self, inside: Gate, outside: Gate, metrics: Metrics) -> None:
        self._inside = inside
        self._outside = outside
        self._metrics = metrics
        self._held = True

    @asynccontextmanager
    async def lent(self) -> AsyncIterator[None]:
        """Wait in the block at no place; then take one again.

        Raises Unavailable where too many wait so already, or where no place is free in time afterwards.
        """
        await self._take(self._outside)
        self._inside.leave()
        self._held = False
        try:
            with self._metrics.http_waiting.track_inprogress():
                yield
        finally:
            self._outside.leave()
        await self._take(self._inside)
        self._held = True

    async def _take(self, gate: Gate) -> None:
        if not await gate.enter():
            self._metrics.refused.labels("busy").inc()
            raise _overloaded()

    def leave(self) -> None:
        """Give the place back, if it is held."""
        if self._held:
            self._inside.leave()


class Admission:
    """ASGI middleware: what cannot be served soon is refused at once, with 503 and Retry-After.

    Operations (health, metrics, documents) always pass. `streamed` are the paths of bulk imports: each is long, and many
    commands; they have few places of their own, and read their body piece by piece instead of whole.
    """

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics, streamed: Collection[str]) -> None:
        self._app = app
        self._metrics = metrics
        self._streamed = frozenset(streamed)
        self._longest = settings.body_bytes
        self._requests = Gate(settings.requests_at_once, settings.requests_waiting, settings.requests_patience)
        self._imports = Gate(settings.imports_at_once, settings.requests_waiting, settings.requests_patience)
        self._outside = Gate(settings.waits_at_once, 0, 0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        if scope["type"] != "http" or not path.startswith(API):
            await self._app(scope, receive, send)
            return
        streamed = path in self._streamed
        if not streamed and _announced(scope) > self._longest:
            await self._refuse("body", _too_large(self._longest), scope, receive, send)
            return
        gate = self._imports if streamed else self._requests
        if not await gate.enter():
            await self._refuse("busy", _overloaded(), scope, receive, send)
            return
        place = Place(gate, self._outside, self._metrics)
        scope.setdefault("state", {})["place"] = place
        try:
            await self._app(scope, receive if streamed else self._limited(scope, receive), send)
        finally:
            place.leave()

    async def _refuse(self, reason: str, refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
        self._metrics.refused.labels(reason).inc()
        await (await on_refusal(Request(scope), refusal))(scope, receive, send)

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        """Count a body whose length was not announced; the framework lets this kind of exception through."""
        taken = 0

        async def limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._longest:
                self._metrics.refused.labels("body").inc()
                raise RefusedBody(_too_large(self._longest))
            return message

        return limited


def _announced(scope: Scope) -> int:
    """Read Content-Length; 0 where there is none that is a number."""
    length = dict(scope["headers"]).get(b"content-length", b"")
    return int(length) if length.isdigit() and len(length) < 20 else 0


def _overloaded() -> Unavailable:
    return Unavailable("overloaded")


def _too_large(longest: int) -> TooLarge:
    return TooLarge("body-too-large", most=longest)
