"""A bulk import on a socket of its own: lines are sent one after the other, results are read as they come."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit


class StreamedImport:
    """An import under way, sent in chunks."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._received = b""
        self.status = 0

    async def send(self, lines: bytes) -> None:
        """Send a chunk of the body; an empty one ends it."""
        self._writer.write(b"%x\r\n%s\r\n" % (len(lines), lines))
        await self._writer.drain()

    async def result(self) -> Any:
        """The next line of the answer; None at its end."""
        if not self.status:
            head = await self._reader.readuntil(b"\r\n\r\n")
            self.status = int(head.split()[1])
        while b"\n" not in self._received:
            size = int(await self._reader.readline(), 16)
            self._received += await self._reader.readexactly(size)
            await self._reader.readline()
            if not size:
                return None
        line, _, self._received = self._received.partition(b"\n")
        return json.loads(line)


@asynccontextmanager
async def streamed_import(base: str, headers: Mapping[str, str], path: str = "/v1/members/import") -> AsyncIterator[StreamedImport]:
    """Begin an import, and leave it at the end of the block, whole or not."""
    address = urlsplit(base)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    lines = [f"{name}: {value}" for name, value in {"Host": "x", "Transfer-Encoding": "chunked", **headers}.items()]
    writer.write("\r\n".join([f"POST {path} HTTP/1.1", *lines, "", ""]).encode())
    try:
        yield StreamedImport(reader, writer)
    finally:
        writer.close()
