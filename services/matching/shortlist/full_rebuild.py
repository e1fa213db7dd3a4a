"""Full passes over all members, and what stays of each: its rules and the weights it gave to words and demand.

A pass is made beside the lists that are read, and takes their place in one step. Each list names the pass it belongs to.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice

from services.matching.ranking.corpus.snapshot import restore, serialize
from services.matching.ranking.scoring import RULES
from services.matching.ranking.shortlist_index import Snapshot
from services.matching.store import FROZEN, INDEXES, PASSES, SHORTLISTS
from shared.chassis.mongo import DeleteOne, Document, Mongo, Session, ensure_indexes, retrying
from shared.chassis.projections.projection import DIRTY
from shared.chassis.workers.lease import Lease, LeaseLost

CHUNK = 8_000_000
"""Bytes of a document of frozen words; MongoDB takes 16 MB."""
BESIDE = f"{SHORTLISTS}-"
MARKS = 1000
"""Marks taken away at once."""


class Incomplete(Exception):
    """A pass has not the lists that were made: something else wrote into its collection."""


def rule_versions() -> dict[str, str]:
    """Name the rules of this code, by mode."""
    return {mode: rule.version for mode, rule in RULES.items()}


async def current(mongo: Mongo) -> Document | None:
    """Read the pass whose lists are read, if it is whole and of this code's rules and no later one was begun."""
    passes = await mongo[PASSES].find().to_list(None)
    whole = [one for one in passes if one["made"] is not None and one["rules"] == rule_versions()]
    return whole[0] if len(passes) == len(whole) == 1 else None


async def frozen_by(mongo: Mongo, number: str, session: Session | None = None) -> Snapshot | None:
    """Read the weights that a pass gave."""
    found = mongo[FROZEN].find({"pass": number}, session=session).sort("part")
    return restore(b"".join([part["content"] async for part in found]))


class Pass:
    """One full pass under way. Its lists are in a collection of its own until `publish`."""

    def __init__(self, mongo: Mongo, lease: Lease) -> None:
        self._mongo = mongo
        self._lease = lease
        self.id = secrets.token_hex(6)
        self._beside = f"{BESIDE}{self.id}"
        self._added = 0

    async def begin(self, now: datetime) -> None:
        """Make room, and clear away what passes left that were not finished.

        Whoever made them has lost the lease: its collection is gone, so that it can publish nothing any more.
        """

        async def body(session: Session) -> None:
            await self._lease.confirm(session)
            await self._mongo[PASSES].delete_many({"made": None}, session=session)
            begun = {"_id": self.id, "rules": rule_versions(), "begun": now, "made": None}
            await self._mongo[PASSES].insert_one(begun, session=session)

        await retrying(lambda: self._mongo.transact(body))
        for name in await self._mongo.database.list_collection_names(filter={"name": {"$regex": f"^{BESIDE}"}}):
            await self._mongo[name].drop()
        await ensure_indexes(self._mongo, {self._beside: INDEXES[SHORTLISTS]})

    async def add(self, lists: list[Document]) -> None:
        """Write some lists beside those that are read. Raises LeaseLost where another ranker has taken over."""

        async def body(session: Session) -> None:
            await self._confirm(session, {"$inc": {"lists": len(lists)}})
            if lists:
                beside = [{**one, "pass": self.id} for one in lists]
                await self._mongo[self._beside].insert_many(beside, ordered=False, session=session)

        await retrying(lambda: self._mongo.transact(body))
        self._added += len(lists)

    async def publish(self, snapshot: Snapshot | None, marks: Mapping[str, str], now: datetime) -> None:
        """Let these lists take the place of those that are read, then take away the marks they answer.

        Killed between the two, the marks or the unfinished pass bring the next ranker to make another one. Raises LeaseLost,
        and Incomplete where the lists are not those that were added.
        """
        content = serialize(snapshot)
        parts = [content[at : at + CHUNK] for at in range(0, len(content), CHUNK)]
        for number, part in enumerate(parts):
            await self._mongo[FROZEN].insert_one({"_id": f"{self.id}:{number}", "pass": self.id, "part": number, "content": part})
        await self._lease.confirm()
        if (found := await self._mongo[self._beside].count_documents({})) != self._added:
            raise Incomplete(f"{found} lists of {self._added} are there")
        await self._mongo[self._beside].rename(SHORTLISTS, dropTarget=True)

        async def body(session: Session) -> None:
            await self._confirm(session, {"$set": {"made": now}})
            await self._mongo[PASSES].delete_many({"_id": {"$ne": self.id}}, session=session)

        await retrying(lambda: self._mongo.transact(body))
        await take_away(self._mongo, self._lease, marks)
        await self._mongo[FROZEN].delete_many({"pass": {"$ne": self.id}})

    async def _confirm(self, session: Session, change: Document) -> None:
        """Change the pass in a transaction that so commits only while no other was begun. Raises LeaseLost."""
        await self._lease.confirm(session)
        result = await self._mongo[PASSES].update_one({"_id": self.id, "made": None}, change, session=session)
        if not result.matched_count:
            raise LeaseLost(self.id)


async def take_away(mongo: Mongo, lease: Lease, marks: Mapping[str, str]) -> None:
    """Take away the marks that are answered, some at a time; one that came again since stays. Raises LeaseLost.

    A transaction of all marks of an import would be too long, and one mark that comes again meanwhile would undo it.
    """
    answered = iter(marks.items())
    while some := [DeleteOne({"_id": id, "by": by}) for id, by in islice(answered, MARKS)]:

        async def body(session: Session, some: Sequence[DeleteOne] = some) -> None:
            await lease.confirm(session)
            await mongo[DIRTY].bulk_write(some, ordered=False, session=session)

        await retrying(lambda body=body: mongo.transact(body))  # type: ignore[misc]
