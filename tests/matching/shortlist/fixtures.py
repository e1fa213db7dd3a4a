"""Matching's database with members in it, and rankers that work on it in the test's own process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from services.matching.projections.interactions import INTRODUCTIONS, MEETINGS
from services.matching.projections.meetings_held import MEETINGS_HELD
from services.matching.projections.members import MEMBERS
from services.matching.shortlist.rebuild_policy import RebuildPolicy
from services.matching.shortlist.stored import INDEXES, SHORTLISTS
from services.matching.shortlist.worker import Ranker
from shared.chassis.clock import utc_now
from shared.chassis.config import Settings
from shared.chassis.mongo import Document, Mongo, ensure_indexes
from shared.chassis.projections.projection import DIRTY
from shared.chassis.workers.lease import Lease

WORDS = ("laser", "marble", "yacht", "graphene", "loom", "turbine")
NEVER = RebuildPolicy(small_corpus=0, batch_share=1.0, affected_share=1.0, drift_share=1.0)
"""No full rebuild but the first."""


def member_document(number: int, **parts: Any) -> Document:
    """The document of a member that needs one thing and offers another."""
    item = {"nature": "technology", "text": "", "language": "en", "topics": [], "visibility": "network"}
    return {
        "name": f"Firm {number}", "kind": "sme", "districts": ["marble"], "place": {"country": "IT"}, "profile": {},
        "status": "approved",
        "offers": {"o": {**item, "title": f"{WORDS[number % 6]} cutting"}},
        "needs": {"n": {**item, "title": f"{WORDS[(number + 1) % 6]} cutting wanted"}},
        **parts,
    }  # fmt: skip


@asynccontextmanager
async def matching(settings: Settings, members: int = 12) -> AsyncIterator[Mongo]:
    """Matching's database with some members, all dirty."""
    mongo = Mongo(settings.mongo_url, settings.named("matching"), 10)
    projected = (MEMBERS.collection, INTRODUCTIONS.collection, MEETINGS.collection, MEETINGS_HELD.collection, DIRTY, "leases")
    await ensure_indexes(mongo, {**{name: [] for name in projected}, **INDEXES})
    for number in range(members):
        await put(mongo, f"m{number}", member_document(number))
    try:
        yield mongo
    finally:
        mongo.close()


async def put(mongo: Mongo, id: str, document: Document, collection: str = MEMBERS.collection) -> None:
    """Store a document of a projection and mark it dirty, as the projection does."""
    await mongo[collection].replace_one({"_id": id}, document, upsert=True)
    await mongo[DIRTY].update_one({"_id": id}, {"$set": {"by": f"{id} {utc_now()}"}}, upsert=True)


def ranker(mongo: Mongo, policy: RebuildPolicy | None = None, holder: str = "first", **lease: Any) -> Ranker:
    return Ranker(mongo, Lease(mongo, "ranker", utc_now, holder=holder, **lease), utc_now, policy)


async def rank(replica: Ranker) -> None:
    """Acquire the lease and do all that is due."""
    assert await replica._lease.acquire()
    while await replica.work():
        pass


async def stored(mongo: Mongo) -> dict[str, Any]:
    """Read all lists, without time and rebuild."""
    return {document["_id"]: document["lists"] async for document in mongo[SHORTLISTS].find()}


async def dirty_count(mongo: Mongo) -> int:
    """Count the dirty set."""
    return int(await mongo[DIRTY].count_documents({}))
