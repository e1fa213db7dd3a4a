"""The service's side of the search engine: how many questions it sends, and what it makes of no answer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from services.matching.search.engine import client
from services.matching.search.engine.client import MAX_QUESTIONS, MAX_QUEUED, SHARE, SearchEngine
from services.matching.search.engine.protocol import Reply, SupplierQuestion, TimedQuestion
from shared.chassis.config import Settings
from shared.chassis.errors import TooManyRequests, Unavailable
from tests.lib.services import eventually

QUESTION = SupplierQuestion(text="laser", language="it", limit=1)


@asynccontextmanager
async def engine(folder: Path, answer: Callable[[TimedQuestion], Awaitable[bytes]]) -> AsyncIterator[SearchEngine]:
    """A search engine that asks this socket and not a process of its own."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await answer(TimedQuestion.model_validate_json(await reader.readline())))
        writer.close()

    running = SearchEngine(Settings())
    running._socket = folder / "answers"
    server = await asyncio.start_unix_server(serve, running._socket)
    try:
        yield running
    finally:
        server.close()


async def test_a_reply_is_given_to_who_asked(tmp_path: Path) -> None:
    async def answer(line: TimedQuestion) -> bytes:
        assert line.question == QUESTION
        return Reply(rule="partners-1").model_dump_json().encode() + b"\n"

    async with engine(tmp_path, answer) as running:
        assert (await running.request(QUESTION, "m")).rule == "partners-1"


@pytest.mark.parametrize("line", [Reply(unready=True).model_dump_json().encode() + b"\n", b"", b"{}x\n"])
async def test_an_engine_that_gives_no_reply_is_unavailable(tmp_path: Path, line: bytes) -> None:
    async def answer(_line: TimedQuestion) -> bytes:
        return line

    async with engine(tmp_path, answer) as running:
        with pytest.raises(Unavailable, match="answers-unavailable"):
            await running.request(QUESTION, "m")


async def test_an_engine_that_does_not_listen_yet_is_unavailable(tmp_path: Path) -> None:
    starting = SearchEngine(Settings())
    for socket in (None, tmp_path / "answers"):
        starting._socket = socket
        with pytest.raises(Unavailable):
            await starting.request(QUESTION, "m")


async def test_a_slow_engine_takes_so_many_questions_and_each_for_so_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arrivals: asyncio.Queue[None] = asyncio.Queue()

    async def answer(_line: TimedQuestion) -> bytes:
        await arrivals.put(None)
        await asyncio.Event().wait()
        return b""

    monkeypatch.setattr(client, "TIMEOUT", 0.2)
    async with engine(tmp_path, answer) as running:
        waiting = [asyncio.create_task(running.request(QUESTION, f"m{number}")) for number in range(MAX_QUESTIONS)]
        for _ in waiting:
            await arrivals.get()
        with pytest.raises(Unavailable):
            await running.request(QUESTION, "m")
        assert arrivals.empty(), "it was not sent"
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {Unavailable}
        assert running._questions == 0


async def test_a_caller_takes_its_share_alone_and_others_are_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arrivals: asyncio.Queue[None] = asyncio.Queue()
    open_again = asyncio.Event()

    async def answer(_line: TimedQuestion) -> bytes:
        await arrivals.put(None)
        if arrivals.qsize() <= SHARE:
            await open_again.wait()
        return Reply(rule="partners-1").model_dump_json().encode() + b"\n"

    async with engine(tmp_path, answer) as running:
        waiting = [asyncio.create_task(running.request(QUESTION, "greedy")) for _ in range(SHARE + MAX_QUEUED)]
        await eventually(lambda: counted(arrivals, SHARE))
        with pytest.raises(TooManyRequests) as refused:
            await running.request(QUESTION, "greedy")
        assert (refused.value.status, refused.value.retry_after) == (429, 2)
        assert (await running.request(QUESTION, "another")).rule == "partners-1"
        open_again.set()
        assert {reply.rule for reply in await asyncio.gather(*waiting)} == {"partners-1"}, (
            "its other questions waited for their turn"
        )


async def counted(arrivals: asyncio.Queue[None], number: int) -> bool:
    return arrivals.qsize() == number
