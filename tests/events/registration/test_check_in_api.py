"""Checking in over HTTP: not before the day, and it can be undone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import httpx2

from distretti.devstack.token_issuer import Issuer
from services.events.main import SERVICE
from shared.chassis.config import Settings
from tests.events.attendance.test_api import running_slots
from tests.events.factories import Clock, agree, midday
from tests.lib.services import bearer, serving

EVENT = "/v1/brokerage-events/fair"


async def test_check_in_comes_not_before_its_day_and_can_be_taken_back(settings: Settings, issuer: Issuer) -> None:
    clock = Clock()
    async with serving(SERVICE, settings, clock=clock) as (runtime, http):
        await agree(runtime, "fair", [("anna", "bruno")], slots=running_slots(1, 1), timezone=midday())
        manager, anna = bearer(issuer, "manager", districts=["marble"]), bearer(issuer, "member", "anna")
        desk = f"{EVENT}/registrations/anna/check-in"
        badge = (await http.get(desk, headers=anna)).json()

        async def check_in() -> httpx2.Response:
            # A scanner sends what it has read.
            return await http.post(desk, json={"code": badge["text"]}, headers=manager)

        clock.ahead = -timedelta(days=20)
        early = await check_in()
        assert (early.status_code, early.json()["type"]) == (409, "urn:distretti:problem:event-not-begun")
        clock.ahead = timedelta()
        assert (await check_in()).json()["checked_in"]
        assert (await http.delete(desk, headers=anna)).status_code == 403
        for _ in range(2):
            undone = await http.delete(desk, headers=manager)
            assert (undone.status_code, undone.headers["etag"]) == (200, '"3"')
            assert (undone.json()["checked_in"], undone.json()["checked_in_on"]) == (False, [])
        assert (await check_in()).json()["checked_in"]

        # Who opens the desk the evening before starts the event.
        clock.ahead = -timedelta(days=1)
        assert (await http.delete(desk, headers=manager)).json()["checked_in"] is False
        assert (await check_in()).status_code == 409
        assert (await http.post(f"{EVENT}/start", headers=manager)).is_success
        assert (await check_in()).json()["checked_in_on"] == [datetime.now(ZoneInfo(midday())).date().isoformat()]
