"""The search engine's process: which questions it replies to."""

import time
from types import SimpleNamespace
from typing import Any, cast

import pytest

from services.matching.search.engine.index import SearchIndex
from services.matching.search.engine.protocol import Reply, SupplierQuestion, TimedQuestion
from services.matching.search.engine.server import EngineServer
from shared.chassis.clock import utc_now
from shared.chassis.mongo import Mongo

QUESTION = SupplierQuestion(text="laser", language="it", limit=1)


@pytest.mark.parametrize(("deadline", "is_disconnected", "is_ready"), [(60, False, True), (-1, False, False), (60, True, False)])
async def test_questions_nobody_waits_for_are_skipped(deadline: int, is_disconnected: bool, is_ready: bool) -> None:
    questions: list[Any] = []
    server = EngineServer(cast(Mongo, None), utc_now)
    server._index = cast(SearchIndex, SimpleNamespace(reply=lambda question: questions.append(question) or Reply()))
    line = TimedQuestion(deadline=time.monotonic() + deadline, question=QUESTION).model_dump_json().encode()
    reply = await server._reply(line, lambda: is_disconnected)
    assert reply.unready is not is_ready
    assert questions == ([QUESTION] if is_ready else [])


async def test_without_an_index_it_is_unready() -> None:
    assert (await EngineServer(cast(Mongo, None), utc_now)._reply(b"", lambda: False)).unready
