"""Keeps a corpus of all members in memory, makes it again when they change, and answers one question at a time."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import structlog

from services.matching.projections.interactions import MEETINGS_SEEN, STANDS
from services.matching.projections.meetings_held import CLOSINGS
from services.matching.projections.members import PROFILES
from services.matching.search.engine.index import Corpus, Unknown
from services.matching.search.engine.protocol import LONGEST_LINE, Asked, Reply
from services.matching.shortlist.full_rebuild import frozen_by
from services.matching.shortlist.inputs import read_inputs
from services.matching.store import PASSES
from shared.chassis.mongo import Document, Mongo

log = structlog.get_logger()
SOURCES = (PROFILES.collection, STANDS.collection, MEETINGS_SEEN.collection, CLOSINGS.collection, PASSES)
QUIET_SECONDS = 0.4
REST = 3.0
"""Times as long as a corpus took to make, nothing is made again: so at most a quarter of a core goes into it."""


class Answerer:
    """The process's one part. `stopping` ends it."""

    def __init__(self, mongo: Mongo, clock: Callable[[], datetime]) -> None:
        self.stopping = asyncio.Event()
        self._mongo = mongo
        self._clock = clock
        self._corpus: Corpus | None = None
        self._changed = asyncio.Event()
        self._one = ThreadPoolExecutor(1)

    async def run(self, socket: str) -> None:
        """Serve on a socket of this name until told to stop."""
        Path(socket).unlink(missing_ok=True)  # noqa: ASYNC240 - left by one that was killed
        server = await asyncio.start_unix_server(self._serve, socket, limit=LONGEST_LINE)
        tasks = [asyncio.create_task(work) for work in (self._watch(), self._refresh())]
        async with server:
            await self.stopping.wait()
        for task in tasks:
            task.cancel()

    async def _watch(self) -> None:
        """Notice that members change, by the database's own stream of changes; what they became is read later."""
        of_sources: list[Document] = [{"$match": {"ns.coll": {"$in": SOURCES}}}, {"$project": {"_id": 1}}]
        while True:
            try:
                async with self._mongo.database.watch(of_sources) as changes:
                    self._changed.set()  # whatever changed before this was open
                    async for _ in changes:
                        self._changed.set()
            except Exception as error:
                log.warning("changes_unseen", error=repr(error))
            await asyncio.sleep(1)

    async def _refresh(self) -> None:
        """Make the corpus again after changes, those of a burst together."""
        while True:
            await self._changed.wait()
            await asyncio.sleep(QUIET_SECONDS)
            self._changed.clear()
            began = time.monotonic()
            try:
                self._corpus = await self._read()
            except Exception as error:
                log.warning("corpus_failed", error=repr(error))
                self._changed.set()
                await asyncio.sleep(1)
            await asyncio.sleep(REST * (time.monotonic() - began))

    async def _read(self) -> Corpus:
        computed = self._clock()
        async with self._mongo.snapshot() as session:
            inputs = await read_inputs(self._mongo, session)
            last = await self._mongo[PASSES].find_one({"made": {"$ne": None}}, session=session)
            frozen = await frozen_by(self._mongo, last["_id"], session) if last else None
        corpus = await asyncio.to_thread(Corpus, inputs, frozen, computed)
        log.info("corpus_made", members=len(inputs.members))
        return corpus

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the one question of a connection."""
        with suppress(OSError):  # who asked has gone
            try:
                reply = await self._reply(await reader.readline(), reader.at_eof)
                writer.write(reply.model_dump_json().encode() + b"\n")
                await writer.drain()
            except Exception as error:
                log.error("answer_failed", exc_info=error)
            finally:
                writer.close()

    async def _reply(self, line: bytes, is_gone: Callable[[], bool]) -> Reply:
        """Answer in turn, but not what nobody waits for any more: that would make all that wait behind it late as well."""
        corpus = self._corpus
        if corpus is None:
            return Reply(unready=True)
        asked = Asked.model_validate_json(line)

        def answer() -> Reply:
            if is_gone() or time.monotonic() > asked.until:
                return Reply(unready=True)
            return corpus.reply(asked.question)

        try:
            return await asyncio.get_running_loop().run_in_executor(self._one, answer)
        except Unknown:
            return Reply(unready=True)
