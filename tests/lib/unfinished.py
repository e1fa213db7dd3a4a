"""Requests whose body begins and does not end, on sockets of their own."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def unfinished(
    base: str, path: str, headers: Mapping[str, str], count: int, begun: bytes = b'{"a', method: str = "POST"
) -> AsyncIterator[list[Connection]]:
    """Open `count` connections, send the head of a request and the beginning of its body on each, and leave them so."""
    address = urlsplit(base)
    lines = [f"{name}: {value}" for name, value in {"Host": "x", "Content-Length": "5000", **headers}.items()]
    head = "\r\n".join([f"{method} {path} HTTP/1.1", "Content-Type: application/json", *lines, "", ""])
    connections = [await asyncio.open_connection(address.hostname, address.port) for _ in range(count)]
    try:
        for _, writer in connections:
            writer.write(head.encode() + begun)
            await writer.drain()
        yield connections
    finally:
        for _, writer in connections:
            writer.close()


async def status_of(connection: Connection) -> int:
    """The status that a connection is answered with."""
    return int((await connection[0].readline()).split()[1])
