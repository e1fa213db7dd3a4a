"""The places of an event with quotas: numbered, each held by a claim, so that two registrations never share one."""

import secrets

from services.events.domain.brokerage import Brokerage
from services.events.domain.registrations import Places, place_claim
from services.events.store import REGISTRATION
from shared.chassis.mongo import Mongo
from shared.chassis.write import CLAIMS

EVERYBODY = "all"


async def places_for(mongo: Mongo, event_id: str, event: Brokerage, kind: str, member: str | None = None) -> Places:
    """Choose free places for an organisation of this kind; None where there is none, or others wait for one.

    They are chosen at random, so that many at once seldom want the same; who loses the claim chooses again. Without
    `member` those who wait are not looked at: it is their turn.
    """
    limits = {quota["kind"]: quota["most"] for quota in event["quotas"] if quota["kind"] == kind}
    if event["places"] is not None:
        limits[EVERYBODY] = event["places"]
    if not limits:
        return ()
    if member is not None and await _others_wait(mongo, event_id, member):
        return None
    chosen: list[str] = []
    for name, most in sorted(limits.items()):
        free = sorted(set(range(1, most + 1)) - await _taken(mongo, event_id, name))
        if not free:
            return None
        chosen.append(f"{name}:{secrets.choice(free)}")
    return tuple(chosen)


async def _others_wait(mongo: Mongo, event_id: str, member: str) -> bool:
    waiting = {"state.status": "standby", "state.event_id": event_id, "state.member_id": {"$ne": member}}
    return await mongo[REGISTRATION.collection].find_one(waiting, {"_id": 1}) is not None


async def _taken(mongo: Mongo, event_id: str, name: str) -> set[int]:
    first = place_claim(event_id, f"{name}:")
    found = mongo[CLAIMS].find({"_id": {"$gte": first, "$lt": f"{first[:-1]};"}}, {"_id": 1})
    return {int(claim["_id"].removeprefix(first)) async for claim in found}
