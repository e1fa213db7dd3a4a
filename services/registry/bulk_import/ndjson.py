"""NDJSON in and out at the same time: lines are answered while the request is still being read."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

import structlog
from fastapi import Request, Response
from starlette.types import Receive, Scope, Send

log = structlog.get_logger()
MEDIA_TYPE = "application/x-ndjson"
LONGEST_LINE = 1_000_000
"""Bytes."""
SILENT_SECONDS = 30.0
"""Within so long a client sends another line, and reads what it was answered: it holds one of few places."""


class Stalled(Exception):
    """The body has not ended and no line of it is completed in time."""


class NdjsonResponse(Response):
    """Answers while the request is still being read; the framework's own would consume it, looking for a disconnect."""

    media_type = MEDIA_TYPE

    def __init__(self, lines: AsyncGenerator[str]) -> None:
        super().__init__()
        del self.headers["content-length"]
        self._lines = lines

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        try:
            async with aclosing(self._lines) as lines:
                async for line in lines:
                    async with asyncio.timeout(SILENT_SECONDS):
                        await send({"type": "http.response.body", "body": line.encode(), "more_body": True})
        except TimeoutError:
            # The rest cannot be sent either: without an end the answer is seen to be incomplete.
            log.info("client_does_not_read", seconds=SILENT_SECONDS)
            return
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def read_lines(request: Request) -> AsyncIterator[bytes]:
    """Cut the body into lines as it arrives; a line that is too long ends one byte above LONGEST_LINE.

    Raises Stalled, and ClientDisconnect where the client left before the end.
    """
    rest = b""
    chunks, deadline = aiter(request.stream()), _deadline()
    while (chunk := await _next(chunks, deadline)) is not None:
        if len(rest) > LONGEST_LINE and b"\n" not in chunk:
            continue
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line
        rest = rest[: LONGEST_LINE + 1]
        if lines:
            deadline = _deadline()
    yield rest


def _deadline() -> float:
    return asyncio.get_running_loop().time() + SILENT_SECONDS


async def _next(chunks: AsyncIterator[bytes], deadline: float) -> bytes | None:
    try:
        async with asyncio.timeout_at(deadline):
            return await anext(chunks, None)
    except TimeoutError:
        raise Stalled from None
