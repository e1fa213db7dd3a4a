"""Who comes back to an event: not while it is booked at another one at the same time."""

import asyncio
from datetime import timedelta

from distretti.devstack.token_issuer import Issuer
from services.events.main import SERVICE
from services.events.meeting.queries import meeting_id
from shared.chassis.config import Settings
from tests.events.agenda.test_parallel_bookings import appoint, hours
from tests.events.factories import agree, feed_members, publish
from tests.lib.services import bearer, eventually, serving


async def test_who_withdrew_and_is_elsewhere_by_now_does_not_return_to_what_the_agenda_still_has(
    settings: Settings, issuer: Issuer
) -> None:
    manager = bearer(issuer, "manager", districts=["marble"])
    pair, registrations = ("anna", "bruno"), "/v1/brokerage-events/marble/registrations"
    async with serving(SERVICE, settings) as (runtime, http):
        await feed_members(settings, runtime, ["anna", "bruno", "carla", "dora", "elio", "fede"])
        for event, shift in (("marble", timedelta()), ("paper", timedelta(minutes=30))):
            await agree(runtime, event, [pair, ("bruno", "carla")], slots=hours(2, shift), places=3)
        await publish(runtime, "marble", {pair: (1, 1)})

        async def withdraw(member: str) -> bool:
            return bool((await http.delete(f"{registrations}/{member}", headers=manager)).is_success)

        async def register(member: str) -> str:
            answer = (await http.post(registrations, json={"member_id": member}, headers=manager)).json()
            return str(answer["errors"][0]["rule"] if "errors" in answer else answer["status"])

        # At once: either she returns, or she is booked at the other event.
        assert await withdraw("bruno")
        assert await withdraw("anna")
        booked, back = await asyncio.gather(appoint(http, "paper", pair, manager, 1), register("anna"))
        assert (booked, back) in ((200, "person-elsewhere"), ("person-elsewhere", "registered"))
        if back == "registered":
            assert await withdraw("anna")
            assert await appoint(http, "paper", pair, manager, 1) == 200
            assert await register("anna") == "person-elsewhere"

        # Nor does the waiting list bring her back: the next comes in, until she is free.
        assert [await register(member) for member in ("dora", "elio", "anna", "fede")] == ["registered"] * 2 + ["standby"] * 2

        async def is_registered(member: str) -> bool:
            return bool((await http.get(f"{registrations}/{member}", headers=manager)).json()["status"] == "registered")

        assert await withdraw("dora")
        await eventually(lambda: is_registered("fede"))
        assert not await is_registered("anna")
        off = {"reason": "two places"}
        assert (await http.post(f"/v1/meetings/{meeting_id('paper', *pair)}/cancel", json=off, headers=manager)).is_success
        assert await withdraw("elio")
        await eventually(lambda: is_registered("anna"))
