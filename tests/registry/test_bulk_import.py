"""The bulk import where its other side goes to sleep."""

import asyncio
import json
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, cast

import pytest
from starlette.requests import Request
from starlette.types import Message

from services.registry import bulk_import
from services.registry.bulk_import import Duplex, Importer
from shared.chassis.http.auth import Principal

NOBODY = Principal("test", frozenset(), None, frozenset())


async def test_who_sends_no_more_is_told_and_gives_its_place_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_import, "SILENT_SECONDS", 0.05)
    parts: list[Message] = [{"type": "http.request", "body": b"\n\nhalf a li", "more_body": True}]

    async def receive() -> Message:
        return parts.pop() if parts else await asyncio.get_running_loop().create_future()

    unused = SimpleNamespace(gate=None, backlog=None, write=None)
    importer = Importer(cast(Any, unused), NOBODY, set(), "c")
    lines = bulk_import._lines(Request({"type": "http"}, receive))
    [told] = [json.loads(line) async for line in importer.run(lines)]
    assert (told["line"], told["status"], told["errors"][0]["rule"]) == (3, "failed", "stalled")


async def test_who_reads_no_more_gives_its_place_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_import, "SILENT_SECONDS", 0.05)

    async def results() -> AsyncIterator[str]:
        yield "{}"

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            await asyncio.get_running_loop().create_future()

    async def receive() -> Message:
        raise AssertionError("the body is read by the importer")

    with pytest.raises(TimeoutError):
        await Duplex(results())({"type": "http"}, receive, send)
