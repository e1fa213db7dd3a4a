"""HTTP on a socket with requests as prepared bytes: on two cores, a client that thinks would be measured instead of the service."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Answer:
    """What was answered: the status, names of headers in lower case, and the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Connection:
    """A keep-alive connection to a local port."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, port: int) -> "Connection":
        """Connect."""
        return cls(*await asyncio.open_connection(HOST, port))

    async def exchange(self, request: bytes) -> Answer:
        """Send a whole request and read its answer. Raises OSError or EOFError where the connection ends before."""
        await self.send(request)
        return await self.answer()

    async def send(self, piece: bytes) -> None:
        """Send bytes of a request."""
        self._writer.write(piece)
        await self._writer.drain()

    async def answer(self) -> Answer:
        """Read an answer whole."""
        first, *lines = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").rstrip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if headers.get("transfer-encoding") == "chunked":
            body = await self._chunks()
        else:
            body = await self._reader.readexactly(int(headers.get("content-length", 0)))
        return Answer(int(first.split()[1]), headers, body)

    async def _chunks(self) -> bytes:
        body = b""
        while size := int(await self._reader.readline(), 16):
            body += (await self._reader.readexactly(size + 2))[:-2]
        await self._reader.readline()
        return body

    def close(self) -> None:
        """Disconnect."""
        self._writer.close()


def request(method: str, path: str, token: str | None = None, body: object = None, **headers: str) -> bytes:
    """The bytes of a whole request; `body` is written as JSON unless it is bytes."""
    content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    return head(method, path, token, **{"Content_Length": str(len(content)), **headers}) + content


def head(method: str, path: str, token: str | None = None, **headers: str) -> bytes:
    """The bytes of a request's head; underscores in names of headers stand for hyphens."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", "Content-Type: application/json"]
    lines += [f"Authorization: Bearer {token}"] if token else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()
