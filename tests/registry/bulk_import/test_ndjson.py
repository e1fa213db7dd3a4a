"""Lines in pieces as they arrive, and a client that stops reading."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from starlette.requests import Request
from starlette.types import Message

from services.registry.bulk_import import ndjson
from services.registry.bulk_import.ndjson import LONGEST_LINE, NdjsonResponse, Stalled, read_lines


async def test_lines_are_cut_where_they_end_and_not_where_pieces_do() -> None:
    pieces = [b"first\nsec", b"ond\n\nth", b"ird"]
    parts = [{"type": "http.request", "body": piece, "more_body": piece is not pieces[-1]} for piece in pieces]

    async def receive() -> Message:
        return parts.pop(0)

    assert [line async for line in read_lines(Request({"type": "http"}, receive))] == [b"first", b"second", b"", b"third"]


async def test_of_a_line_that_is_too_long_no_more_is_held_than_shows_it() -> None:
    parts = [{"type": "http.request", "body": b"x" * LONGEST_LINE, "more_body": number < 3} for number in range(4)]

    async def receive() -> Message:
        return parts.pop(0)

    [line] = [line async for line in read_lines(Request({"type": "http"}, receive))]
    assert len(line) == LONGEST_LINE + 1


async def test_a_client_that_stops_reading_loses_its_place_and_gets_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ndjson, "SILENT_SECONDS", 0.05)
    sent: list[Message] = []
    ended = False

    async def results() -> AsyncGenerator[str]:
        nonlocal ended
        try:
            yield "{}"
        finally:
            ended = True

    async def send(message: Message) -> None:
        sent.append(message)
        if message["type"] == "http.response.body":
            await asyncio.get_running_loop().create_future()

    async def receive() -> Message:
        raise AssertionError("the body is read by the importer")

    await NdjsonResponse(results())({"type": "http"}, receive, send)
    assert ended
    assert all(message.get("more_body", True) for message in sent)


async def test_a_line_is_waited_for_no_longer_because_parts_of_it_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ndjson, "SILENT_SECONDS", 0.05)

    async def receive() -> Message:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"x", "more_body": True}

    with pytest.raises(Stalled):
        [line async for line in read_lines(Request({"type": "http"}, receive))]
