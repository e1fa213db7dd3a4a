"""The places of an event with quotas: numbered, each held by a claim, so that two registrations never share one."""

import secrets
from collections import Counter

from services.events.brokerage.rules.correction import Occupancy
from services.events.brokerage.state import BrokerageEvent
from services.events.projections import MEMBERS, members_by_id
from services.events.registration.aggregate import REGISTRATION
from services.events.registration.queries import active_registrations
from services.events.registration.rules.participation import Places, comes_after
from services.events.registration.state import place_claim
from shared.chassis.mongo import Mongo
from shared.chassis.writes.claims import CLAIMS

ALL_KINDS = "all"


async def places_for(mongo: Mongo, event_id: str, brokerage_event: BrokerageEvent, kind: str, member: str | None = None) -> Places:
    """Choose free places for an organisation of this kind; None where there is none, or the waiting list comes first.

    They are chosen at random, so that concurrent registrations seldom want the same; who loses the claim chooses again.
    Without `member` the waiting list is not looked at: the places are for its first entry.
    """
    quotas: dict[str, int] = {quota.kind: quota.most for quota in brokerage_event.quotas}
    limits = {name: limit for name, limit in quotas.items() if name == kind}
    if brokerage_event.places is not None:
        limits[ALL_KINDS] = brokerage_event.places
    if not limits:
        return ()
    if member is not None:
        waiting = await _waiting_kinds(mongo, event_id, member)
        full = {name for name in waiting & quotas.keys() if not await _free(mongo, event_id, name, quotas[name])}
        if comes_after(kind, waiting, full, brokerage_event.places is not None):
            return None
    chosen: list[str] = []
    for name, limit in sorted(limits.items()):
        free = await _free(mongo, event_id, name, limit)
        if not free:
            return None
        chosen.append(f"{name}:{secrets.choice(free)}")
    return tuple(chosen)


async def occupancy_of(mongo: Mongo, event_id: str) -> Occupancy:
    """Read which members are registered or on standby, and how many are registered, of which kinds."""
    active = await active_registrations(mongo, [event_id])
    registered = [stored.state.member_id for stored in active if stored.state.status == "registered"]
    kinds: Counter[str] = Counter(member.kind for member in (await members_by_id(mongo, registered)).values())
    return Occupancy(tuple(sorted(stored.state.member_id for stored in active)), len(registered), kinds)


async def _waiting_kinds(mongo: Mongo, event_id: str, member: str) -> set[str]:
    """The kinds of the members on standby, without one of them."""
    standby = {"state.event_id": event_id, "state.status": "standby", "state.member_id": {"$ne": member}}
    members = await mongo[REGISTRATION.collection].distinct("state.member_id", standby)
    return set(await mongo[MEMBERS.collection].distinct("kind", {"_id": {"$in": members}, "status": "approved"}))


async def _free(mongo: Mongo, event_id: str, name: str, limit: int) -> list[int]:
    """Find the free numbers.

    Where a correction lowered the limit, some registrations hold a number above it; where it introduced one, earlier
    registrations hold none. They keep their places, so as many of the last numbers stay free: every number given out is valid
    for everybody.
    """
    first = place_claim(event_id, f"{name}:")
    claims = mongo[CLAIMS].find({"_id": {"$gte": first, "$lt": f"{first[:-1]};"}}, {"_id": 1})
    after = [claim["_id"].removeprefix(first) async for claim in claims]
    # What else begins alike is of an event whose id does: ids may hold colons.
    held = {int(number) for number in after if number.isdigit()}
    free = sorted(set(range(1, limit + 1)) - held)
    return free[: max(0, limit - len(held) - await _without_number(mongo, event_id, name))] if free else []


async def _without_number(mongo: Mongo, event_id: str, name: str) -> int:
    """Count the registrations from before there was this limit."""
    without = {"state.event_id": event_id, "state.status": "registered", "state.places": {"$not": {"$regex": f"^{name}:"}}}
    if name == ALL_KINDS:
        return await mongo[REGISTRATION.collection].count_documents(without)
    members = await mongo[REGISTRATION.collection].distinct("state.member_id", without)
    return await mongo[MEMBERS.collection].count_documents({"_id": {"$in": members}, "kind": name})
