"""Full rebuilds of all lists, and what each leaves: its rules and its snapshot.

The new lists are written beside those that are read, and replace them in one step. Each list names its rebuild.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice

from services.matching.ranking.corpus.snapshot import restore, serialize
from services.matching.ranking.scoring import RULES
from services.matching.ranking.shortlist_index import Snapshot
from services.matching.shortlist.stored import INDEXES, REBUILDS, SHORTLISTS, SNAPSHOTS
from shared.chassis.mongo import DeleteOne, Document, Mongo, Session, ensure_indexes, retrying
from shared.chassis.projections.projection import DIRTY
from shared.chassis.workers.lease import Lease, LeaseLost

CHUNK = 8_000_000
"""Bytes of a part of a snapshot; MongoDB takes documents of 16 MB."""
BESIDE = f"{SHORTLISTS}-"
ACKNOWLEDGED_AT_ONCE = 1000
"""Ids of the dirty set that one transaction removes."""


class Incomplete(Exception):
    """The lists of a rebuild are not those that were added: something else wrote into its collection."""


def rule_versions() -> dict[str, str]:
    """Give the versions of this code's rules, by mode."""
    return {mode: rule.version for mode, rule in RULES.items()}


async def current_rebuild(mongo: Mongo) -> str | None:
    """Give the rebuild whose lists are read, if it is complete and of this code's rules and no later one was begun."""
    rebuilds = await mongo[REBUILDS].find().to_list(None)
    complete = [rebuild for rebuild in rebuilds if rebuild["made"] is not None and rebuild["rules"] == rule_versions()]
    return complete[0]["_id"] if len(rebuilds) == len(complete) == 1 else None


async def last_rebuild(mongo: Mongo, session: Session) -> str | None:
    """Give the last rebuild that was completed."""
    rebuild = await mongo[REBUILDS].find_one({"made": {"$ne": None}}, session=session)
    return rebuild["_id"] if rebuild else None


async def snapshot_of(mongo: Mongo, rebuild: str, session: Session | None = None) -> Snapshot | None:
    """Read the snapshot of a rebuild."""
    parts = mongo[SNAPSHOTS].find({"pass": rebuild}, session=session).sort("part")
    return restore(b"".join([part["content"] async for part in parts]))


class FullRebuild:
    """A full rebuild under way. Its lists are in a collection of its own until `publish`."""

    def __init__(self, mongo: Mongo, lease: Lease) -> None:
        self._mongo = mongo
        self._lease = lease
        self.id = secrets.token_hex(6)
        self._beside = f"{BESIDE}{self.id}"
        self._added = 0

    async def begin(self, now: datetime) -> None:
        """Register the rebuild, and drop what unfinished ones left.

        Their rankers have lost the lease: without the collection they can publish nothing any more.
        """

        async def body(session: Session) -> None:
            await self._lease.confirm(session)
            await self._mongo[REBUILDS].delete_many({"made": None}, session=session)
            rebuild = {"_id": self.id, "rules": rule_versions(), "begun": now, "made": None}
            await self._mongo[REBUILDS].insert_one(rebuild, session=session)

        await retrying(lambda: self._mongo.transact(body))
        for name in await self._mongo.database.list_collection_names(filter={"name": {"$regex": f"^{BESIDE}"}}):
            await self._mongo[name].drop()
        await ensure_indexes(self._mongo, {self._beside: INDEXES[SHORTLISTS]})

    async def add(self, lists: list[Document]) -> None:
        """Write some lists beside those that are read. Raises LeaseLost where another ranker has taken over."""

        async def body(session: Session) -> None:
            await self._confirm(session, {"$inc": {"lists": len(lists)}})
            if lists:
                beside = [{**document, "pass": self.id} for document in lists]
                await self._mongo[self._beside].insert_many(beside, ordered=False, session=session)

        await retrying(lambda: self._mongo.transact(body))
        self._added += len(lists)

    async def publish(self, snapshot: Snapshot | None, dirty: Mapping[str, str], now: datetime) -> None:
        """Replace the lists that are read by these, then acknowledge the dirty set they answer.

        After a crash between the two, the dirty set or the unfinished rebuild make the next ranker rebuild. Raises LeaseLost,
        and Incomplete where the lists are not those that were added.
        """
        content = serialize(snapshot)
        parts = [content[at : at + CHUNK] for at in range(0, len(content), CHUNK)]
        for number, part in enumerate(parts):
            document = {"_id": f"{self.id}:{number}", "pass": self.id, "part": number, "content": part}
            await self._mongo[SNAPSHOTS].insert_one(document)
        await self._lease.confirm()
        if (count := await self._mongo[self._beside].count_documents({})) != self._added:
            raise Incomplete(f"{count} lists of {self._added} are stored")
        await self._mongo[self._beside].rename(SHORTLISTS, dropTarget=True)

        async def body(session: Session) -> None:
            await self._confirm(session, {"$set": {"made": now}})
            await self._mongo[REBUILDS].delete_many({"_id": {"$ne": self.id}}, session=session)

        await retrying(lambda: self._mongo.transact(body))
        await acknowledge(self._mongo, self._lease, dirty)
        await self._mongo[SNAPSHOTS].delete_many({"pass": {"$ne": self.id}})

    async def _confirm(self, session: Session, change: Document) -> None:
        """Change the rebuild in a transaction that so commits only while no other was begun. Raises LeaseLost."""
        await self._lease.confirm(session)
        result = await self._mongo[REBUILDS].update_one({"_id": self.id, "made": None}, change, session=session)
        if not result.matched_count:
            raise LeaseLost(self.id)


async def acknowledge(mongo: Mongo, lease: Lease, dirty: Mapping[str, str]) -> None:
    """Remove answered ids from the dirty set, some at a time; one that was marked anew since stays. Raises LeaseLost.

    One transaction for all ids of an import would be too long, and one id marked anew meanwhile would abort it.
    """
    ids = iter(dirty.items())
    while steps := [DeleteOne({"_id": id, "by": by}) for id, by in islice(ids, ACKNOWLEDGED_AT_ONCE)]:

        async def body(session: Session, steps: Sequence[DeleteOne] = steps) -> None:
            await lease.confirm(session)
            await mongo[DIRTY].bulk_write(steps, ordered=False, session=session)

        await retrying(lambda body=body: mongo.transact(body))  # type: ignore[misc]
