"""Bodies of requests: read whole, within a length and a time, before a request takes its place among those at work (ADR 23)."""

import asyncio
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi.routing import RouteContext, iter_route_contexts
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute, compile_path
from starlette.types import Message, Receive, Scope

from shared.chassis.config import Settings
from shared.chassis.errors import Encoded, TooLarge, TooSlow
from shared.chassis.http.auth import Principal
from shared.chassis.http.fair_shares import SharedPlaces

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
DECLARED = "request_body"


def admit_all(_principal: Principal) -> None:
    """Admit whoever has a token."""


@dataclass(frozen=True)
class RequestBody:
    """What a route declares of its body: at most `limit` bytes, 0 for the usual; `streamed`: the route reads it piece by piece.

    `admit` raises Forbidden for whoever the route refuses whatever the body says: it is called before any of it is read.
    """

    limit: int = 0
    streamed: bool = False
    admit: Callable[[Principal], None] = admit_all


def request_body(
    *, limit: int = 0, streamed: bool = False, admit: Callable[[Principal], None] = admit_all
) -> Callable[[Endpoint], Endpoint]:
    """Declare what a route takes as its body, below the decorator of its path."""

    def declare(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, DECLARED, RequestBody(limit, streamed, admit))
        return endpoint

    return declare


class DeclaredBodies:
    """What the routes of an application declare of their bodies."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        declared = (context for context in iter_route_contexts(list(routes)) if hasattr(context.endpoint, DECLARED))
        self._declared = [_pattern(context) for context in declared]

    def of(self, method: str, path: str) -> RequestBody:
        """What the route of a request declares; the usual where it declares nothing, and where there is no such route."""
        for pattern, methods, body in self._declared:
            if method in methods and pattern.match(path):
                return body
        return RequestBody()


def _pattern(context: RouteContext) -> tuple[re.Pattern[str], set[str], RequestBody]:
    return compile_path(context.path or "")[0], context.methods or set(), getattr(context.endpoint, DECLARED)


def refuse_encoded(scope: Scope) -> None:
    """Raise Encoded for a body with a Content-Encoding, which nobody would decode."""
    encodings = b",".join(value for name, value in scope["headers"] if name == b"content-encoding").decode("latin-1").lower()
    if any(encoding.strip() not in ("", "identity") for encoding in encodings.split(",")):
        raise Encoded("body-encoded")


class BodyReader:
    """Reads bodies whole. Those that are incomplete hold no permit, are so many at most, and end after `body_seconds`."""

    def __init__(self, settings: Settings) -> None:
        self._limit = settings.body_bytes
        self._seconds = settings.body_seconds
        self._unfinished = SharedPlaces(settings.bodies_at_once)

    async def read(self, scope: Scope, receive: Receive, body: RequestBody, caller: str) -> bytes:
        """Read a body. Raises TooLarge, TooSlow, TooManyRequests, Unavailable, and ClientDisconnect where the client left."""
        limit = body.limit or self._limit
        if _content_length(scope) > limit:
            raise TooLarge("body-too-large", limit=limit)
        async with self._unfinished.place(caller):
            try:
                async with asyncio.timeout(self._seconds):
                    return await _whole(receive, limit)
            except TimeoutError:
                raise TooSlow("body-too-slow", seconds=f"{self._seconds:g}") from None


async def _whole(receive: Receive, limit: int) -> bytes:
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > limit:
            raise TooLarge("body-too-large", limit=limit)
        more = message.get("more_body", False)
    return bytes(body)


def replayed(body: bytes, receive: Receive) -> Receive:
    """Receive a body that was read, then what comes after it."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def received() -> Message:
        return messages.pop() if messages else await receive()

    return received


def _content_length(scope: Scope) -> int:
    """Read Content-Length; 0 where it is absent or no number."""
    length = dict(scope["headers"]).get(b"content-length", b"")
    return int(length) if length.isdigit() and len(length) < 20 else 0
