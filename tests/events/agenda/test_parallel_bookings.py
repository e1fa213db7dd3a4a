"""Two events at the same time in two towns: nobody is booked at both."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import httpx2

from distretti.devstack.token_issuer import Issuer
from services.events.brokerage.aggregate import BROKERAGE
from services.events.brokerage.rules import lifecycle
from services.events.main import SERVICE
from services.events.meeting.queries import meeting_id
from services.events.registration.aggregate import REGISTRATION
from services.events.registration.queries import registration_id
from services.events.registration.rules.participation import register
from shared.chassis.config import Settings
from shared.chassis.runtime.runtime import Runtime
from shared.contracts.events import BrokerageEventClosed, ParticipantRegistered, Representative, Slot
from tests.events.factories import APPROVED, CAUSE, MORNING, agree, computed, event_state
from tests.lib.services import bearer, serving


def hours(count: int, shift: timedelta = timedelta()) -> tuple[Slot, ...]:
    """Slots to come, of fifty minutes each."""
    first = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1) + shift
    starts = [first + timedelta(hours=number) for number in range(count)]
    return tuple(Slot(number=n, starts=start, ends=start + timedelta(minutes=50)) for n, start in enumerate(starts, 1))


async def appoint(http: httpx2.AsyncClient, event: str, pair: tuple[str, str], headers: dict[str, str], slot: int) -> Any:
    path = f"/v1/meetings/{meeting_id(event, *pair)}/appointment"
    answer = await http.put(path, json={"slot": slot}, headers=headers)
    return answer.status_code if answer.is_success else answer.json()["type"].rpartition(":")[2]


async def send(runtime: Runtime, event: str, member: str, representative: str, slots: tuple[Slot, ...]) -> None:
    """Register a member with this representative."""
    requested = ParticipantRegistered(event_id=event, member_id=member, representatives=(Representative(id=representative),))
    rule = partial(register, requested=requested, brokerage_event=event_state(slots=slots), member=APPROVED, places=(), now=MORNING)
    await runtime.write.execute(REGISTRATION, registration_id(event, member), rule, CAUSE)


async def test_nobody_is_booked_in_two_places_at_once(settings: Settings, issuer: Issuer) -> None:
    manager = bearer(issuer, "manager", districts=["marble"])
    async with serving(SERVICE, settings) as (runtime, http):
        marble, paper = hours(3), hours(3, timedelta(minutes=30))
        pairs = [("anna", "bruno"), ("anna", "carla"), ("dora", "elio")]
        await agree(runtime, "marble", pairs, slots=marble)
        await agree(runtime, "paper", pairs, slots=paper)
        overlaps = (await http.get("/v1/brokerage-events/paper/registrations/anna/overlaps", headers=manager)).json()["items"]
        assert [(overlap["event_id"], overlap["slots"], overlap["same_person"]) for overlap in overlaps] == [
            ("marble", [1, 2, 3], True)
        ]

        # Slot 1 of the one overlaps with slots 1 and 2 of the other.
        assert await appoint(http, "marble", pairs[0], manager, 2) == 200
        assert await appoint(http, "paper", pairs[1], manager, 1) == "person-elsewhere"
        assert await appoint(http, "paper", pairs[1], manager, 2) == "person-elsewhere"
        assert await appoint(http, "paper", pairs[1], manager, 3) == 200

        # Many at once: of two at the same time one is made.
        at_once = [appoint(http, event, ("dora", "elio"), manager, 1) for event in ("marble", "paper")]
        assert sorted(map(str, await asyncio.gather(*at_once))) == ["200", "person-elsewhere"]

        # An agenda keeps clear of what is booked at the other event: Anna is taken in all of its slots but one.
        await http.post("/v1/brokerage-events/paper/agenda", json={"time_limit": 5}, headers=manager)
        assert (await computed(http, "paper", manager))["status"] == "published"
        agenda = (await http.get("/v1/brokerage-events/paper/agenda", headers=manager)).json()
        with_anna = [placement["slot"] for placement in agenda["placements"] if "anna" in placement["members"]]
        assert with_anna == [], "in slots 1 and 2 she is in the other town, in slot 3 she has her appointment"

        # Another representative is another person, and a warning says that the same one is not expected at both.
        await send(runtime, "marble", "carla", "r1", marble)
        await send(runtime, "paper", "carla", "r2", paper)
        [overlap] = (await http.get("/v1/brokerage-events/paper/registrations/carla/overlaps", headers=manager)).json()["items"]
        assert not overlap["same_person"]

        # An event that is closed holds nobody.
        closed = partial(lifecycle.close, closed=BrokerageEventClosed())
        await runtime.write.execute(BROKERAGE, "marble", closed, CAUSE)
        assert (await http.get("/v1/brokerage-events/paper/registrations/anna/overlaps", headers=manager)).json()["items"] == []
        assert await appoint(http, "paper", pairs[0], manager, 1) == 200
