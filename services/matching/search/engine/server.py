"""The engine's process: keeps an index of all members in memory, rebuilds it when they change, replies one by one."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import structlog

from services.matching.projections.interactions import INTRODUCTIONS, MEETINGS
from services.matching.projections.meetings_held import MEETINGS_HELD
from services.matching.projections.members import MEMBERS
from services.matching.search.engine.index import SearchIndex, Unready
from services.matching.search.engine.protocol import LONGEST_LINE, Reply, TimedQuestion
from services.matching.shortlist.full_rebuild import last_rebuild, snapshot_of
from services.matching.shortlist.inputs import read_inputs
from services.matching.shortlist.stored import REBUILDS
from shared.chassis.mongo import Document, Mongo

log = structlog.get_logger()
SOURCES = (MEMBERS.collection, INTRODUCTIONS.collection, MEETINGS.collection, MEETINGS_HELD.collection, REBUILDS)
QUIET_SECONDS = 0.4
REST_FACTOR = 3.0
"""Pause after building an index, times as long as it took: so at most a quarter of a core goes into it."""


class EngineServer:
    """The only part of the process. Setting `stopping` ends it."""

    def __init__(self, mongo: Mongo, clock: Callable[[], datetime]) -> None:
        self.stopping = asyncio.Event()
        self._mongo = mongo
        self._clock = clock
        self._index: SearchIndex | None = None
        self._changed = asyncio.Event()
        self._executor = ThreadPoolExecutor(1)

    async def run(self, socket: str) -> None:
        """Serve on a socket of this name until stopped."""
        Path(socket).unlink(missing_ok=True)  # noqa: ASYNC240 - left by a process that was killed
        server = await asyncio.start_unix_server(self._serve, socket, limit=LONGEST_LINE)
        tasks = [asyncio.create_task(work) for work in (self._watch(), self._refresh())]
        async with server:
            await self.stopping.wait()
        for task in tasks:
            task.cancel()

    async def _watch(self) -> None:
        """Notice changes by the database's change stream; the changed documents are read later."""
        of_sources: list[Document] = [{"$match": {"ns.coll": {"$in": SOURCES}}}, {"$project": {"_id": 1}}]
        while True:
            try:
                async with self._mongo.database.watch(of_sources) as changes:
                    self._changed.set()  # for changes before the stream was open
                    async for _ in changes:
                        self._changed.set()
            except Exception as error:
                log.warning("changes_unseen", error=repr(error))
            await asyncio.sleep(1)

    async def _refresh(self) -> None:
        """Rebuild the index after changes, those of a batch at once."""
        while True:
            await self._changed.wait()
            await asyncio.sleep(QUIET_SECONDS)
            self._changed.clear()
            began = time.monotonic()
            try:
                self._index = await self._build_index()
            except Exception as error:
                log.warning("corpus_failed", error=repr(error))
                self._changed.set()
                await asyncio.sleep(1)
            await asyncio.sleep(REST_FACTOR * (time.monotonic() - began))

    async def _build_index(self) -> SearchIndex:
        computed = self._clock()
        async with self._mongo.snapshot() as session:
            inputs = await read_inputs(self._mongo, session)
            rebuild = await last_rebuild(self._mongo, session)
            snapshot = await snapshot_of(self._mongo, rebuild, session) if rebuild else None
        index = await asyncio.to_thread(SearchIndex, inputs, snapshot, computed)
        log.info("corpus_made", members=len(inputs.members))
        return index

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Reply to the one question of a connection."""
        with suppress(OSError):  # the client has disconnected
            try:
                reply = await self._reply(await reader.readline(), reader.at_eof)
                writer.write(reply.model_dump_json().encode() + b"\n")
                await writer.drain()
            except Exception as error:
                log.error("answer_failed", exc_info=error)
            finally:
                writer.close()

    async def _reply(self, line: bytes, is_disconnected: Callable[[], bool]) -> Reply:
        """Reply in turn, but skip questions nobody waits for any more: they would delay all that follow."""
        index = self._index
        if index is None:
            return Reply(unready=True)
        timed = TimedQuestion.model_validate_json(line)

        def reply() -> Reply:
            if is_disconnected() or time.monotonic() > timed.deadline:
                return Reply(unready=True)
            return index.reply(timed.question)

        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, reply)
        except Unready:
            return Reply(unready=True)
