"""The ranking loop: takes the changes of a batch together and rewrites the lists they affect, or rebuilds all."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

import structlog

from services.matching.ranking import ShortlistIndex
from services.matching.ranking.rules.past_interactions import Interactions
from services.matching.shortlist.full_rebuild import FullRebuild, current_rebuild, rule_versions, snapshot_of
from services.matching.shortlist.incremental_update import rewrite
from services.matching.shortlist.inputs import Change, DirtySet, Inputs, index_of, read_all, read_dirty, read_dirty_set
from services.matching.shortlist.rebuild_policy import RebuildPolicy
from services.matching.shortlist.stored import shortlist_document
from shared.chassis.mongo import Document, Mongo
from shared.chassis.workers.lease import Lease
from shared.chassis.workers.polling_worker import PollingWorker
from shared.contracts.base import to_milliseconds

log = structlog.get_logger()
QUIET_SECONDS = 0.4
LONGEST_WAIT_SECONDS = 5
POLL_SECONDS = 0.2
BLOCK = 100
"""Lists ranked and written at once."""


class ShutdownRequested(Exception):
    """The process was stopped in the middle of a rebuild."""


@dataclass(frozen=True)
class RankedState:
    """What the stored lists were made of, and how many profiles have changed since their rebuild."""

    rebuild: str
    inputs: Inputs
    index: ShortlistIndex
    drifted: int = 0


class Ranker(PollingWorker):
    """Keeps the lists current, one replica at a time. Its state is dropped on any failure, and when another may have ranked."""

    _lease: Lease

    def __init__(self, mongo: Mongo, lease: Lease, clock: Callable[[], datetime], policy: RebuildPolicy | None = None) -> None:
        super().__init__(self._round, name="ranker", interval=POLL_SECONDS, lease=lease)
        self._mongo = mongo
        self._term = lease.term
        self._clock = clock
        self._policy = policy or RebuildPolicy()
        self._state: RankedState | None = None
        self._last_worked = clock()

    async def may_work(self) -> bool:
        """Acquire the lease, and drop the state whenever another replica may have ranked since."""
        held = await super().may_work()
        if not held or self._lease.term != self._term:
            self._state = None
        self._term = self._lease.term
        return held

    async def _round(self) -> bool:
        """Do what is due, and keep the lease alive: reading and indexing all members takes longer than it lasts."""
        try:
            async with self._lease.keep_alive():
                busy = await self.work()
        except ShutdownRequested:
            return False
        except Exception:
            self._state = None
            raise
        if busy:
            self._last_worked = self._clock()
        return busy

    async def work(self) -> bool:
        """Do what is due, if anything."""
        has_batch = await self._wait_for_batch()
        if self._state is None and not has_batch:
            self._state = await self._resume()
        if self._state is None:
            await self._rebuild()
            return True
        if has_batch:
            await self._update(self._state)
            return True
        if self._policy.is_due(self._state.drifted, self._clock() - self._last_worked):
            await self._rebuild()
            return True
        return False

    async def _wait_for_batch(self) -> bool:
        """Wait while the dirty set grows, but not for long; False where it is empty."""
        before: DirtySet = {}
        waited = 0.0
        while True:
            dirty = await read_dirty_set(self._mongo)
            if not dirty or dirty == before or waited >= LONGEST_WAIT_SECONDS:
                return bool(dirty)
            before = dirty
            await self.pause(QUIET_SECONDS)
            waited += QUIET_SECONDS

    async def _resume(self) -> RankedState | None:
        """Resume from the stored lists, where they are complete, of these rules, and nothing has changed since."""
        rebuild = await current_rebuild(self._mongo)
        snapshot = await snapshot_of(self._mongo, rebuild) if rebuild else None
        if rebuild is None or snapshot is None:
            return None
        dirty, inputs = await read_all(self._mongo)
        if dirty:
            return None
        index = await asyncio.to_thread(
            ShortlistIndex, inputs.members.values(), interactions=inputs.interactions, snapshot=snapshot
        )
        # How much had drifted before is unknown: 1 is enough for a rebuild when it is quiet.
        return RankedState(rebuild, inputs, index, drifted=1)

    async def _rebuild(self) -> None:
        """Rank every list from one reading of all inputs, beside the lists that are read."""
        rebuild = FullRebuild(self._mongo, self._lease)
        await rebuild.begin(self._clock())
        dirty, inputs = await read_all(self._mongo)
        index = await asyncio.to_thread(index_of, inputs)
        async for block in self._lists(index, inputs.members):
            await rebuild.add(block)
        await rebuild.publish(index.snapshot, dirty, self._clock())
        self._state = RankedState(rebuild.id, inputs, index)
        log.info("ranked", members=len(inputs.members), marks=len(dirty))

    async def _update(self, state: RankedState) -> None:
        """Rewrite the lists that a batch affects, or all where the policy says so."""
        dirty, change = await read_dirty(self._mongo, state.inputs)
        if self._policy.requires_rebuild(len(change.profiles), state.drifted, len(change.inputs.members)):
            await self._rebuild()
            return
        members = change.inputs.members.keys()
        affected_before = await asyncio.to_thread(state.index.affected, change.profiles)
        # Checked before a new index is made, which is much of the work of a rebuild.
        if change.profiles and self._policy.affects_most(len(affected_before & members), len(members)):
            await self._rebuild()
            return
        index, affected = await asyncio.to_thread(_updated_index, state, change, affected_before)
        removed = affected - members
        if change.profiles and self._policy.affects_most(len(affected - removed), len(members)):
            await self._rebuild()
            return
        lists = self._lists(index, affected - removed)
        written = await rewrite(self._mongo, self._lease, state.rebuild, lists, sorted(removed), dirty)
        self._state = replace(state, inputs=change.inputs, index=index, drifted=state.drifted + len(change.profiles))
        log.info("refreshed", lists=len(affected), changed=written, marks=len(dirty))

    async def _lists(self, index: ShortlistIndex, members: Iterable[str]) -> AsyncIterator[list[Document]]:
        """Rank lists, some at a time. Raises ShutdownRequested between two."""
        rules, computed = rule_versions(), to_milliseconds(self._clock())
        documents = (shortlist_document(id, lists, rules, computed) for id, lists in index.shortlists(sorted(members)))
        while block := await asyncio.to_thread(_next_block, documents):
            if self.stopping:
                raise ShutdownRequested
            yield block


def _next_block(documents: Iterator[Document]) -> list[Document]:
    return list(islice(documents, BLOCK))


def _updated_index(state: RankedState, change: Change, affected_before: frozenset[str]) -> tuple[ShortlistIndex, frozenset[str]]:
    """Give the index after a change, and whose lists the change affects, in both directions, besides `affected_before`.

    Interactions affect the lists of their two members alone: nobody else may see anything of them.
    """
    index, inputs = state.index, change.inputs
    if not change.profiles:
        index.interactions = Interactions(inputs.interactions)
        return index, change.interacted
    updated = index_of(inputs, index.snapshot)
    return updated, affected_before | updated.affected(change.profiles) | change.interacted | change.profiles
