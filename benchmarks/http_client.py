"""A minimal HTTP client: on two cores, a full one would dominate the measurement."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

HOST = "127.0.0.1"


class Connection:
    """A keep-alive connection to a local port. Answers must have a Content-Length."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, port: int) -> "Connection":
        """Connect."""
        return cls(*await asyncio.open_connection(HOST, port))

    async def post(self, path: str, body: object, headers: dict[str, str]) -> tuple[int, Any]:
        """Send a JSON body; return the answer's status and JSON."""
        content = json.dumps(body).encode()
        lines = [f"POST {path} HTTP/1.1", f"Host: {HOST}", "Content-Type: application/json", f"Content-Length: {len(content)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + content)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode().lower().splitlines()
        length = next(int(line.removeprefix("content-length:")) for line in head if line.startswith("content-length:"))
        return int(head[0].split()[1]), json.loads(await self._reader.readexactly(length))

    def close(self) -> None:
        """Disconnect."""
        self._writer.close()


async def load(port: int, connections: int, seconds: float, request: Callable[[], tuple[str, object, dict[str, str]]]) -> float:
    """Send requests over some connections for some seconds; return the answers with status 201 per second."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    answered = 0

    async def send() -> None:
        nonlocal answered
        connection = await Connection.open(port)
        while loop.time() < started + seconds:
            status, answer = await connection.post(*request())
            if status != 201:
                raise RuntimeError(f"the command was answered {status}: {answer}")
            answered += 1
        connection.close()

    async with asyncio.TaskGroup() as senders:
        for _ in range(connections):
            senders.create_task(send())
    return answered / (loop.time() - started)
