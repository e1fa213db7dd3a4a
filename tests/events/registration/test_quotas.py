"""The places of an event: those that a limit leaves, whoever registered before it."""

from typing import Any

from distretti.devstack.token_issuer import Issuer
from services.events.brokerage.queries import read_brokerage_event
from services.events.main import SERVICE
from services.events.registration.quotas import occupancy_of, places_for
from services.events.registration.state import place_claim
from shared.chassis.config import Settings
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.writes.claims import CLAIMS
from tests.events.factories import (
    announcement,
    feed_members,
)
from tests.lib.services import bearer, serving

EVENT = "/v1/brokerage-events/fair"

REGISTRATIONS = f"{EVENT}/registrations"


async def places_left(runtime: Runtime, kind: str = "sme") -> list[str]:
    """Every place that may be given out now, by asking often: they are chosen at random."""
    event = (await read_brokerage_event(runtime.mongo, "fair")).state
    choices = [await places_for(runtime.mongo, "fair", event, kind) for _ in range(40)]
    return sorted({place for places in choices for place in places or ()})


async def test_another_limit_counts_who_is_there_already(settings: Settings, issuer: Issuer) -> None:
    members = [f"m{number}" for number in range(6)]
    async with serving(SERVICE, settings) as (runtime, http):
        await feed_members(settings, runtime, members)
        manager = bearer(issuer, "manager", districts=["marble"])

        async def put(**changes: Any) -> None:
            answer = await http.put(EVENT, json=announcement(**changes), headers=manager)
            assert answer.is_success, answer.text

        async def register(*ids: str) -> list[str]:
            answers = [await http.post(REGISTRATIONS, json={"member_id": id}, headers=manager) for id in ids]
            return [answer.json()["status"] for answer in answers]

        assert (await http.post("/v1/brokerage-events", json=announcement(id="fair"), headers=manager)).is_success
        assert (await http.post(f"{EVENT}/open", headers=manager)).is_success
        assert await register("m0", "m1") == ["registered", "registered"]

        # Who was there before the limit holds no number, and has its place.
        await put(places=4)
        # Nor does it hold what the claims of another event look like, whose id begins as they do.
        held = {"aggregate": "registration", "holder": "another"}
        await runtime.mongo[CLAIMS].insert_one({"_id": place_claim("fair:place:all:1", "all:2"), **held})
        assert await places_left(runtime) == ["all:1", "all:2"]
        await put(quotas=[{"kind": "sme", "most": 3}], places=9)
        assert await places_left(runtime) == [*(f"all:{number}" for number in range(1, 8)), "sme:1"]
        await put(places=60)
        occupancy = await occupancy_of(runtime.mongo, "fair")
        assert (occupancy.members, occupancy.places, occupancy.kinds) == (("m0", "m1"), 2, {"sme": 2})

        # Nor is anybody overlooked whose number is above a limit that was lowered.
        assert await register("m2", "m3") == ["registered", "registered"]
        await put(places=5)
        assert await register("m4", "m5") == ["registered", "standby"]
        assert await places_left(runtime) == []
