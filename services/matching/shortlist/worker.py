"""The loop: takes the marks of a burst together, and answers them with the lists they touch or with a full pass."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

import structlog

from services.matching.ranking import ShortlistIndex
from services.matching.ranking.rules.past_interactions import Interactions
from services.matching.shortlist import full_rebuild
from services.matching.shortlist.full_rebuild import Pass
from services.matching.shortlist.incremental_update import rewrite
from services.matching.shortlist.inputs import Change, Inputs, Marks, any_marks, read_all, read_marked
from services.matching.shortlist.rebuild_policy import Policy
from services.matching.shortlist.serialization import list_document
from shared.chassis.mongo import Document, Mongo
from shared.chassis.workers.lease import Lease
from shared.chassis.workers.polling_worker import PollingWorker
from shared.contracts.base import to_milliseconds

log = structlog.get_logger()
QUIET_SECONDS = 0.4
LONGEST_WAIT_SECONDS = 5
POLL_SECONDS = 0.2
BLOCK = 100
"""Lists made and written at once."""


class Stopping(Exception):
    """The process was told to stop in the middle of a pass."""


@dataclass(frozen=True)
class Standing:
    """What the stored lists were made of, and how many profiles have changed since their pass."""

    number: str
    inputs: Inputs
    index: ShortlistIndex
    drifted: int = 0


class Ranker(PollingWorker):
    """Answers marks, one replica at a time. What it knows it forgets whenever something fails or another may have ranked."""

    _lease: Lease

    def __init__(self, mongo: Mongo, lease: Lease, clock: Callable[[], datetime], policy: Policy | None = None) -> None:
        super().__init__(self._round, name="ranker", interval=POLL_SECONDS, lease=lease)
        self._mongo = mongo
        self._term = lease.term
        self._clock = clock
        self._policy = policy or Policy()
        self._standing: Standing | None = None
        self._busy = clock()

    async def may_work(self) -> bool:
        """Acquire the lease, and forget what is known whenever another replica may have ranked since."""
        held = await super().may_work()
        if not held or self._lease.term != self._term:
            self._standing = None
        self._term = self._lease.term
        return held

    async def _round(self) -> bool:
        """Do what there is to do, and keep the lease meanwhile: to read and index all members takes longer than it lasts."""
        try:
            async with self._lease.keep_alive():
                busy = await self.work()
        except Stopping:
            return False
        except Exception:
            self._standing = None
            raise
        if busy:
            self._busy = self._clock()
        return busy

    async def work(self) -> bool:
        """Do what there is to do, if there is anything."""
        marked = await self._burst()
        if self._standing is None and not marked:
            self._standing = await self._resume()
        if self._standing is None:
            await self._pass()
            return True
        if marked:
            await self._answer(self._standing)
            return True
        if self._policy.is_due(self._standing.drifted, self._clock() - self._busy):
            await self._pass()
            return True
        return False

    async def _burst(self) -> bool:
        """Tell whether there are marks, once they stop growing for a moment or have grown long enough."""
        before: Marks = {}
        waited = 0.0
        while True:
            marks = await any_marks(self._mongo)
            if not marks or marks == before or waited >= LONGEST_WAIT_SECONDS:
                return bool(marks)
            before = marks
            await self.pause(QUIET_SECONDS)
            waited += QUIET_SECONDS

    async def _resume(self) -> Standing | None:
        """Go on from the stored lists, where they are whole, of these rules, and nothing has changed since."""
        made = await full_rebuild.current(self._mongo)
        if made is None:
            return None
        snapshot = await full_rebuild.frozen_by(self._mongo, made["_id"])
        if snapshot is None:
            return None
        marks, inputs = await read_all(self._mongo)
        if marks:
            return None
        index = await asyncio.to_thread(
            ShortlistIndex, inputs.members.values(), interactions=inputs.interactions, snapshot=snapshot
        )
        # How much had changed before is not known: one is enough for a pass when it is quiet.
        return Standing(made["_id"], inputs, index, drifted=1)

    async def _pass(self) -> None:
        """Make every list from one reading of everything, beside the lists that are read."""
        making = Pass(self._mongo, self._lease)
        await making.begin(self._clock())
        marks, inputs = await read_all(self._mongo)
        index = await asyncio.to_thread(ShortlistIndex, inputs.members.values(), interactions=inputs.interactions)
        async for block in self._lists(index, inputs.members):
            await making.add(block)
        await making.publish(index.snapshot, marks, self._clock())
        self._standing = Standing(making.id, inputs, index)
        log.info("ranked", members=len(inputs.members), marks=len(marks))

    async def _answer(self, standing: Standing) -> None:
        """Make the lists again that a burst touches, or all where the policy says so."""
        marks, change = await read_marked(self._mongo, standing.inputs)
        if self._policy.asks_for_a_pass(len(change.profiles), standing.drifted, len(change.inputs.members)):
            await self._pass()
            return
        here = change.inputs.members.keys()
        before = await asyncio.to_thread(standing.index.affected, change.profiles)
        # Asked before a new index is made, which is much of the work of a pass.
        if change.profiles and self._policy.is_nearly_a_pass(len(before & here), len(here)):
            await self._pass()
            return
        index, touched = await asyncio.to_thread(_refreshed, standing, change, before)
        gone = touched - here
        if change.profiles and self._policy.is_nearly_a_pass(len(touched - gone), len(here)):
            await self._pass()
            return
        lists = self._lists(index, touched - gone)
        written = await rewrite(self._mongo, self._lease, standing.number, lists, sorted(gone), marks)
        self._standing = replace(standing, inputs=change.inputs, index=index, drifted=standing.drifted + len(change.profiles))
        log.info("refreshed", lists=len(touched), changed=written, marks=len(marks))

    async def _lists(self, index: ShortlistIndex, members: Iterable[str]) -> AsyncIterator[list[Document]]:
        """Make lists, some at a time. Raises Stopping between two."""
        rules, computed = full_rebuild.rule_versions(), to_milliseconds(self._clock())
        found = (list_document(id, lists, rules, computed) for id, lists in index.shortlists(sorted(members)))
        while block := await asyncio.to_thread(_some, found):
            if self.stopping:
                raise Stopping
            yield block


def _some(found: Iterator[Document]) -> list[Document]:
    return list(islice(found, BLOCK))


def _refreshed(standing: Standing, change: Change, before: frozenset[str]) -> tuple[ShortlistIndex, frozenset[str]]:
    """Give the index after a change, and whose lists the change may touch, in both directions, beside those touched `before` it.

    Dealings touch the lists of those who dealt alone: nobody else may see anything of them.
    """
    index, inputs = standing.index, change.inputs
    if not change.profiles:
        index.interactions = Interactions(inputs.interactions)
        return index, change.dealt
    after = ShortlistIndex(inputs.members.values(), interactions=inputs.interactions, snapshot=index.snapshot)
    return after, before | after.affected(change.profiles) | change.dealt | change.profiles
