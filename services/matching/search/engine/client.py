"""The service's side: keeps the search engine's process running, and sends it questions."""

import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import structlog
from fastapi import Depends

from services.matching.search.engine.protocol import LONGEST_LINE, PartnerQuestion, Reply, SupplierQuestion, TimedQuestion
from shared.chassis.config import Settings
from shared.chassis.errors import Unavailable
from shared.chassis.http.fair_shares import FairShares
from shared.chassis.runtime.dependencies import worker
from shared.chassis.workers.child_process import ChildProcess

log = structlog.get_logger()
MAX_QUESTIONS = 8
"""Questions under way: more are refused, so that they never take the places of commands."""
SHARE, MAX_QUEUED, MAX_WAIT = 2, 6, 4.0
"""Of them, how many one caller has at work, how many more wait for that, and for how many seconds."""
TIMEOUT = 5.0


class SearchEngine:
    """The search engine of one service process. Only its own user may connect to its socket."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._child: ChildProcess | None = None
        self._socket: Path | None = None
        self._questions = 0
        self._shares = FairShares(SHARE, MAX_QUEUED, MAX_WAIT)

    async def run(self) -> None:
        """Keep the process running until stopped."""
        with TemporaryDirectory(prefix="distretti-") as directory:
            self._socket = Path(directory) / "answers"
            self._child = ChildProcess("services.matching.search.engine", self._settings, str(self._socket))
            await self._child.run()

    async def stop(self) -> None:
        """Stop the process."""
        if self._child is not None:
            await self._child.stop()

    async def request(self, question: SupplierQuestion | PartnerQuestion, caller: str) -> Reply:
        """Send a question of a caller and give the reply.

        Raises TooManyRequests where the caller has its share, Unavailable while the engine starts or is busy, and on a timeout.
        """
        async with self._shares.place(caller):
            return await self._request(question)

    async def _request(self, question: SupplierQuestion | PartnerQuestion) -> Reply:
        if self._socket is None or self._questions >= MAX_QUESTIONS:
            raise Unavailable("answers-unavailable", reason="answers")
        self._questions += 1
        try:
            async with asyncio.timeout(TIMEOUT):
                reply = await _exchange(self._socket, question)
        except (TimeoutError, ValueError) as error:
            log.warning("answer_missing", error=repr(error))
            raise Unavailable("answers-unavailable", reason="answers") from error
        except OSError as error:  # not listening yet: its end and restart were logged
            raise Unavailable("answers-unavailable", reason="answers") from error
        finally:
            self._questions -= 1
        if reply.unready:
            raise Unavailable("answers-unavailable", reason="answers")
        return reply


async def _exchange(socket: Path, question: SupplierQuestion | PartnerQuestion) -> Reply:
    reader, writer = await asyncio.open_unix_connection(socket, limit=LONGEST_LINE)
    try:
        line = TimedQuestion(deadline=time.monotonic() + TIMEOUT, question=question)
        writer.write(line.model_dump_json().encode() + b"\n")
        await writer.drain()
        return Reply.model_validate_json(await reader.readline())
    finally:
        writer.close()


Engine = Annotated[SearchEngine, Depends(worker(SearchEngine))]
