"""A thousand bulk imports through the gateway, of 1 and of 600 lines, chunked and not: how many were answered whole.

Whole is an answer with a result for each line and, as its last line, the summary with `complete` and their number. Each import
has a connection of its own; the first line is a member, the others are wrong, so that the answer begins early and grows long.
"""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from benchmarks.attacks.connection import Connection, head
from benchmarks.fixtures import Fixtures, Tick
from benchmarks.report import Row, Target
from distretti.client.api import connect
from distretti.client.members import open_districts, whole_results
from distretti.devstack.stack import Stack

IMPORTS, AT_ONCE = 250, 4
"""Imports of each length and framing, and how many of them are under way."""
LENGTHS = (1, 600)
CHUNK = 1000
IMPORT = "/registry/v1/members/import"
STEPS = 2 * len(LENGTHS)
LINE = {
    "name": "Esempio importato s.r.l.",
    "kind": "sme",
    "identifiers": [{"scheme": "register", "value": "imports:1"}],
    "districts": ["new-materials"],
    "place": {"country": "IT"},
    "profile": {"summary": "Taglio di precisione."},
    "contact": {"name": "Prova", "email": "prova@imports.example"},
}


async def measure(fixtures: Fixtures, tick: Tick) -> list[Row]:
    """Import with each length and framing."""
    rows: list[Row] = []
    async with Stack(fixtures.directory / "imports", services=("registry",)) as stack:
        async with connect(stack.gateway_url, stack.issuer) as client:
            await open_districts(client)
        token = stack.issuer.token(subject="importer", roles=["operator"], now=datetime.now(UTC), lifetime=timedelta(hours=1))
        for lines in LENGTHS:
            content = json.dumps(LINE).encode() + b"\n" + b'{"name": "wrong"}\n' * (lines - 1)
            for framing, pieces in (("in one piece", _unchunked(content, token)), ("chunked", _chunked(content, token))):
                whole = await _whole_imports(stack.ports.gateway, pieces, lines)
                name = f"imports of {lines} lines {framing}, whole of {IMPORTS}"
                rows.append(Row(name, "imports", [whole], target=Target("at least", IMPORTS)))
                tick()
    return rows


def _unchunked(content: bytes, token: str) -> Sequence[bytes]:
    return [head("POST", IMPORT, token, Content_Length=str(len(content))) + content]


def _chunked(content: bytes, token: str) -> Sequence[bytes]:
    chunks = [content[start : start + CHUNK] for start in range(0, len(content), CHUNK)]
    framed = [b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in [*chunks, b""]]
    return [head("POST", IMPORT, token, Transfer_Encoding="chunked"), *framed]


async def _whole_imports(port: int, pieces: Sequence[bytes], lines: int) -> int:
    """Send an import again and again, some at once; count the whole answers."""
    places = asyncio.Semaphore(AT_ONCE)

    async def send() -> bool:
        async with places:
            return await _is_whole(port, pieces, lines)

    return sum(await asyncio.gather(*(send() for _ in range(IMPORTS))))


async def _is_whole(port: int, pieces: Sequence[bytes], lines: int) -> bool:
    """Import on a connection of its own, and read while lines are sent, as the answer may be longer than what is kept of it."""
    connection = await Connection.open(port)
    try:
        answering = asyncio.create_task(connection.answer())
        for piece in pieces:
            await connection.send(piece)
        answer = await answering
    except (OSError, EOFError):
        return False
    finally:
        connection.close()
    return answer.status == 200 and whole_results(answer.body.decode().split("\n")[:-1], lines) is not None
