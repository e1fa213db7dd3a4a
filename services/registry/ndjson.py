"""NDJSON in and out at the same time: lines are answered while the request is still being read."""

import asyncio
from collections.abc import AsyncIterator

from fastapi import Request
from fastapi.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

MEDIA_TYPE = "application/x-ndjson"
LONGEST_LINE = 1_000_000
"""Bytes."""
SILENT_SECONDS = 30.0
"""A client that neither sends nor reads for so long loses its place: there are few for imports."""


class Stalled(Exception):
    """The body has not ended and no more of it arrives."""


class NdjsonResponse(StreamingResponse):
    """Answers while the request is still being read; the framework's own would consume it, looking for a disconnect."""

    media_type = MEDIA_TYPE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(SILENT_SECONDS):
                await send(message)

        await self.stream_response(send_in_time)


async def read_lines(request: Request) -> AsyncIterator[bytes]:
    """Cut the body into lines as it arrives; a line that is too long ends one byte above LONGEST_LINE. Raises Stalled."""
    rest = b""
    chunks = aiter(request.stream())
    while (chunk := await _next(chunks)) is not None:
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield line
        rest = rest[: LONGEST_LINE + 1]
    yield rest


async def _next(chunks: AsyncIterator[bytes]) -> bytes | None:
    try:
        return await asyncio.wait_for(anext(chunks, None), SILENT_SECONDS)
    except TimeoutError:
        raise Stalled from None
