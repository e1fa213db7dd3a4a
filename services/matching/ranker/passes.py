"""Full passes over all members, and what stays of each: its rules and the weights it gave to words and demand.

A pass is made beside the lists that are read, and takes their place in one step. Each list names the pass it belongs to.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.matching.ranking.freezing import freeze, thaw
from services.matching.ranking.index import RULES, Frozen
from services.matching.store import FROZEN, INDEXES, PASSES, SHORTLISTS
from shared.chassis.lease import Lease, LeaseLost
from shared.chassis.mongo import DeleteOne, Document, Mongo, Session, ensure_indexes
from shared.chassis.projection import DIRTY

CHUNK = 8_000_000
"""Bytes of a document of frozen words; MongoDB takes 16 MB."""
BESIDE = f"{SHORTLISTS}-"


def rule_versions() -> dict[str, str]:
    """Name the rules of this code, by mode."""
    return {mode: rule.version for mode, rule in RULES.items()}


async def current(mongo: Mongo) -> Document | None:
    """Read the pass whose lists are read, if it is whole and of this code's rules and no later one was begun."""
    passes = await mongo[PASSES].find().to_list(None)
    whole = [one for one in passes if one["made"] is not None and one["rules"] == rule_versions()]
    return whole[0] if len(passes) == len(whole) == 1 else None


async def frozen_by(mongo: Mongo, number: str) -> Frozen | None:
    """Read the weights that a pass gave."""
    found = mongo[FROZEN].find({"pass": number}).sort("part")
    return thaw(b"".join([part["content"] async for part in found]))


class Pass:
    """One full pass under way. Its lists are in a collection of its own until `publish`."""

    def __init__(self, mongo: Mongo, lease: Lease) -> None:
        self._mongo = mongo
        self._lease = lease
        self.id = secrets.token_hex(6)
        self._beside = f"{BESIDE}{self.id}"

    async def begin(self, now: datetime) -> None:
        """Make room, and clear away what passes left that were not finished.

        Whoever made them has lost the lease: its collection is gone, so that it can publish nothing any more.
        """

        async def body(session: Session) -> None:
            await self._lease.confirm(session)
            await self._mongo[PASSES].delete_many({"made": None}, session=session)
            begun = {"_id": self.id, "rules": rule_versions(), "begun": now, "made": None}
            await self._mongo[PASSES].insert_one(begun, session=session)

        await self._mongo.transact(body)
        for name in await self._mongo.database.list_collection_names(filter={"name": {"$regex": f"^{BESIDE}"}}):
            await self._mongo[name].drop()
        await ensure_indexes(self._mongo, {self._beside: INDEXES[SHORTLISTS]})

    async def add(self, lists: list[Document]) -> None:
        """Write some lists beside those that are read. Raises LeaseLost where another ranker has taken over."""
        if not await self._lease.hold():
            raise LeaseLost(self.id)
        if lists:
            await self._mongo[self._beside].insert_many([{**one, "pass": self.id} for one in lists], ordered=False)

    async def publish(self, frozen: Frozen | None, marks: Mapping[str, str], now: datetime) -> None:
        """Let these lists take the place of those that are read, then take away the marks they answer.

        Killed between the two, the marks or the unfinished pass bring the next ranker to make another one.
        """
        content = freeze(frozen)
        parts = [content[at : at + CHUNK] for at in range(0, len(content), CHUNK)]
        for number, part in enumerate(parts):
            await self._mongo[FROZEN].insert_one({"_id": f"{self.id}:{number}", "pass": self.id, "part": number, "content": part})
        await self._lease.confirm()
        await self._mongo[self._beside].rename(SHORTLISTS, dropTarget=True)

        async def body(session: Session) -> None:
            await self._lease.confirm(session)
            done: dict[str, Any] = {"$set": {"made": now}}
            await self._mongo[PASSES].update_one({"_id": self.id}, done, session=session)
            await self._mongo[PASSES].delete_many({"_id": {"$ne": self.id}}, session=session)
            await take_away(self._mongo, marks, session)

        await self._mongo.transact(body)
        await self._mongo[FROZEN].delete_many({"pass": {"$ne": self.id}})


async def take_away(mongo: Mongo, marks: Mapping[str, str], session: Session) -> None:
    """Take away the marks that are answered; one that came again since stays."""
    if marks:
        await mongo[DIRTY].bulk_write(
            [DeleteOne({"_id": id, "by": by}) for id, by in marks.items()], ordered=False, session=session
        )
