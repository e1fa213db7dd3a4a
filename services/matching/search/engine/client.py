"""The service's side: keeps the answering process running, and asks it."""

import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from services.matching.search.engine.protocol import LONGEST_LINE, Among, Asked, Reply, Supply
from shared.chassis.config import Settings
from shared.chassis.errors import Unavailable
from shared.chassis.workers.child_process import ChildProcess

log = structlog.get_logger()
AT_ONCE = 8
"""Questions under way: more are refused, so that they never take the places of commands."""
PATIENCE = 5.0


class Answering:
    """The answering process of one service process. It listens where only this user may speak to it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._child: ChildProcess | None = None
        self._socket: Path | None = None
        self._asking = 0

    async def run(self) -> None:
        """Keep the process running until told to stop."""
        with TemporaryDirectory(prefix="distretti-") as directory:
            self._socket = Path(directory) / "answers"
            self._child = ChildProcess("services.matching.search.engine", self._settings, str(self._socket))
            await self._child.run()

    async def stop(self) -> None:
        """End the process."""
        if self._child is not None:
            await self._child.stop()

    async def ask(self, question: Supply | Among) -> Reply:
        """Ask, and give the answer. Raises Unavailable while the process starts, is busy, or does not answer in time."""
        if self._socket is None or self._asking >= AT_ONCE:
            raise _unavailable()
        self._asking += 1
        try:
            async with asyncio.timeout(PATIENCE):
                reply = await _exchange(self._socket, question)
        except (TimeoutError, ValueError) as error:
            log.warning("answer_missing", error=repr(error))
            raise _unavailable() from error
        except OSError as error:  # nobody listens yet: that it ended, and is started again, was logged
            raise _unavailable() from error
        finally:
            self._asking -= 1
        if reply.unready:
            raise _unavailable()
        return reply


async def _exchange(socket: Path, question: Supply | Among) -> Reply:
    reader, writer = await asyncio.open_unix_connection(socket, limit=LONGEST_LINE)
    try:
        asked = Asked(until=time.monotonic() + PATIENCE, question=question)
        writer.write(asked.model_dump_json().encode() + b"\n")
        await writer.drain()
        return Reply.model_validate_json(await reader.readline())
    finally:
        writer.close()


def _unavailable() -> Unavailable:
    return Unavailable(
        "answers-unavailable",
        reason="answers",
        it="Le risposte non sono ancora pronte, o sono troppe quelle in corso: riprovare tra poco.",
        en="Answers are not ready yet, or too many are under way: try again soon.",
    )
