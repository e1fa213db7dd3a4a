"""Matching's database with members in it, and rankers that work on it in the test's own process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from services.matching.projections.interactions import MEETINGS_SEEN, STANDS
from services.matching.projections.meetings_held import CLOSINGS
from services.matching.projections.members import PROFILES
from services.matching.shortlist.rebuild_policy import Policy
from services.matching.shortlist.worker import Ranker
from services.matching.store import INDEXES, SHORTLISTS
from shared.chassis.clock import utc_now
from shared.chassis.config import Settings
from shared.chassis.mongo import Mongo, ensure_indexes
from shared.chassis.projections.projection import DIRTY
from shared.chassis.workers.lease import Lease

WORDS = ("laser", "marble", "yacht", "graphene", "loom", "turbine")
NEVER = Policy(few=0, share=1.0, most=1.0, drift=1.0)
"""No full pass but the first."""


def view(number: int, **parts: Any) -> dict[str, Any]:
    """A member's projected document: needs one thing and offers another."""
    item = {"nature": "technology", "text": "", "language": "en", "topics": [], "visibility": "network"}
    return {
        "name": f"Firm {number}", "kind": "sme", "districts": ["marble"], "place": {"country": "IT"}, "status": "approved",
        "offers": {"o": {**item, "title": f"{WORDS[number % 6]} cutting"}},
        "needs": {"n": {**item, "title": f"{WORDS[(number + 1) % 6]} cutting wanted"}},
        **parts,
    }  # fmt: skip


@asynccontextmanager
async def matching(settings: Settings, members: int = 12) -> AsyncIterator[Mongo]:
    """Matching's database with some members, all marked."""
    mongo = Mongo(settings.mongo_url, settings.named("matching"), 10)
    projected = (PROFILES.collection, STANDS.collection, MEETINGS_SEEN.collection, CLOSINGS.collection, DIRTY, "leases")
    await ensure_indexes(mongo, {**{name: [] for name in projected}, **INDEXES})
    for number in range(members):
        await put(mongo, f"m{number}", view(number))
    try:
        yield mongo
    finally:
        mongo.close()


async def put(mongo: Mongo, id: str, document: dict[str, Any], collection: str = PROFILES.collection) -> None:
    """Store a projected document and its mark, as the projection does."""
    await mongo[collection].replace_one({"_id": id}, document, upsert=True)
    await mongo[DIRTY].update_one({"_id": id}, {"$set": {"by": f"{id} {utc_now()}"}}, upsert=True)


def ranker(mongo: Mongo, policy: Policy | None = None, holder: str = "one", **lease: Any) -> Ranker:
    return Ranker(mongo, Lease(mongo, "ranker", utc_now, holder=holder, **lease), utc_now, policy)


async def rank(one: Ranker) -> None:
    """Take the lease and do all there is to do."""
    assert await one._lease.acquire()
    while await one.work():
        pass


async def stored(mongo: Mongo) -> dict[str, Any]:
    """Read all lists, apart from when and in which pass they were made."""
    return {one["_id"]: one["lists"] async for one in mongo[SHORTLISTS].find()}


async def marks(mongo: Mongo) -> int:
    return int(await mongo[DIRTY].count_documents({}))
