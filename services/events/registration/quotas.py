"""The places of an event with quotas: numbered, each held by a claim, so that two registrations never share one."""

import secrets
from collections import Counter

from services.events.brokerage.rules.correction import Taken
from services.events.brokerage.state import BrokerageEvent
from services.events.projections import MEMBERS, members_by_id
from services.events.registration.aggregate import REGISTRATION
from services.events.registration.rules.participation import Places, comes_after
from services.events.registration.state import place_claim
from shared.chassis.mongo import Mongo
from shared.chassis.writes.write_path import CLAIMS

EVERYBODY = "all"


async def places_for(mongo: Mongo, event_id: str, event: BrokerageEvent, kind: str, member: str | None = None) -> Places:
    """Choose free places for an organisation of this kind; None where there is none, or others wait for one.

    They are chosen at random, so that many at once seldom want the same; who loses the claim chooses again. Without
    `member` those who wait are not looked at: it is their turn.
    """
    quotas: dict[str, int] = {quota.kind: quota.most for quota in event.quotas}
    limits = {name: most for name, most in quotas.items() if name == kind}
    if event.places is not None:
        limits[EVERYBODY] = event.places
    if not limits:
        return ()
    if member is not None:
        waiting = await _waiting(mongo, event_id, member)
        full = {one for one in waiting & quotas.keys() if not await _free(mongo, event_id, one, quotas[one])}
        if comes_after(kind, waiting, full, event.places is not None):
            return None
    chosen: list[str] = []
    for name, most in sorted(limits.items()):
        free = await _free(mongo, event_id, name, most)
        if not free:
            return None
        chosen.append(f"{name}:{secrets.choice(free)}")
    return tuple(chosen)


async def taken(mongo: Mongo, event_id: str) -> Taken:
    """Read who is registered or stands by, and how many are registered, of which kinds."""
    there = {"state.event_id": event_id, "state.status": {"$in": ["registered", "standby"]}}
    found = mongo[REGISTRATION.collection].find(there, {"state.member_id": 1, "state.status": 1})
    status = {one["state"]["member_id"]: one["state"]["status"] async for one in found}
    registered = [member for member, so in status.items() if so == "registered"]
    kinds: Counter[str] = Counter(member.kind for member in (await members_by_id(mongo, registered)).values())
    return Taken(tuple(sorted(status)), len(registered), kinds)


async def _waiting(mongo: Mongo, event_id: str, member: str) -> set[str]:
    """Name the kinds of those who stand by, but for one."""
    standing_by = {"state.event_id": event_id, "state.status": "standby", "state.member_id": {"$ne": member}}
    members = await mongo[REGISTRATION.collection].distinct("state.member_id", standing_by)
    return set(await mongo[MEMBERS.collection].distinct("kind", {"_id": {"$in": members}, "status": "approved"}))


async def _free(mongo: Mongo, event_id: str, name: str, most: int) -> list[int]:
    """Find the numbers that are free.

    Where a correction lowered the limit, some hold a number above it; where it set one, who was there holds none. They have
    their places all the same, and as many of the last numbers stay free: each number given out is one that everybody knows of.
    """
    first = place_claim(event_id, f"{name}:")
    found = mongo[CLAIMS].find({"_id": {"$gte": first, "$lt": f"{first[:-1]};"}}, {"_id": 1})
    held = {int(claim["_id"].removeprefix(first)) async for claim in found}
    free = sorted(set(range(1, most + 1)) - held)
    return free[: max(0, most - len(held) - await _without_number(mongo, event_id, name))] if free else []


async def _without_number(mongo: Mongo, event_id: str, name: str) -> int:
    """Count who is registered and was before there was this limit."""
    without = {"state.event_id": event_id, "state.status": "registered", "state.places": {"$not": {"$regex": f"^{name}:"}}}
    if name == EVERYBODY:
        return await mongo[REGISTRATION.collection].count_documents(without)
    members = await mongo[REGISTRATION.collection].distinct("state.member_id", without)
    return await mongo[MEMBERS.collection].count_documents({"_id": {"$in": members}, "kind": name})
