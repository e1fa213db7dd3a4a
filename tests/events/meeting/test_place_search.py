"""The place of an appointment: free people of each side, and a table that is nobody else's."""

from typing import Any

import httpx2

from distretti.devstack.token_issuer import Issuer
from services.events.main import SERVICE
from shared.chassis.config import Settings
from shared.chassis.writes.claims import CLAIMS
from tests.events.appointment.test_concurrent_booking import coming_slots
from tests.events.factories import announcement, feed_members
from tests.lib.services import bearer, serving

EVENT = "/v1/brokerage-events/fair"


async def opened(http: httpx2.AsyncClient, manager: dict[str, str], slots: int) -> None:
    """An open event with so many slots tomorrow; Anna has two representatives, Dora needs a table to herself."""
    slot_bodies = [slot.model_dump(mode="json") for slot in coming_slots(slots)]
    for path, body in (("/v1/brokerage-events", announcement(id="fair", slots=slot_bodies, tables=3)), (f"{EVENT}/open", None)):
        assert (await http.post(path, json=body, headers=manager)).is_success
    for member in ("anna", "bruno", "carla", "dora"):
        two = [{"id": "r1", "label": "Vendite"}, {"id": "r2"}] if member == "anna" else []
        body = {"member_id": member, "representatives": two, "fixed_table": member == "dora"}
        assert (await http.post(f"{EVENT}/registrations", json=body, headers=manager)).status_code == 201


async def test_two_representatives_meet_at_once_and_a_third_meeting_does_not_fit(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        await feed_members(settings, runtime, ["anna", "bruno", "carla", "dora"])
        manager = bearer(issuer, "manager", districts=["marble"])
        await opened(http, manager, 2)

        async def meet(towards: str, by: str = "anna", **options: Any) -> httpx2.Response:
            body = {"by": by, "towards": towards, "mode": "b2b", **options}
            request = await http.post(f"{EVENT}/meetings", json=body, headers=manager)
            if not request.is_success:
                return request
            return await http.post(f"/v1/meetings/{request.json()['id']}/accept", json={"by": towards}, headers=manager)

        wrong = await meet("bruno", representatives={"anna": "r9"})
        assert wrong.json()["errors"][0] == {
            **wrong.json()["errors"][0],
            "field": "representatives",
            "rule": "representative-unknown",
        }
        assert (await meet("bruno", slot=1, representatives={"anna": "r2"})).json()["appointment"]["people"] == ["anna:r2", "bruno"]
        assert (await meet("carla", slot=1)).json()["appointment"]["people"] == ["anna:r1", "carla"]
        full = await meet("dora", slot=1)
        assert (full.status_code, full.json()["type"]) == (409, "urn:distretti:problem:person-booked")
        # Dora's table is the last one, and nobody else's.
        rival = await meet("carla", by="bruno", slot=1, table=3)
        assert (rival.status_code, rival.json()["type"]) == (409, "urn:distretti:problem:no-table-free")
        assert (await meet("dora", by="bruno", slot=2)).json()["appointment"]["table"] == 3
        claims = set(await runtime.mongo[CLAIMS].distinct("_id"))
        assert {"fair:1:person:anna:r1", "fair:1:person:anna:r2"} <= claims

        # There is no agenda yet; what was made by hand is read and printed all the same, with who goes where.
        agenda = (await http.get(f"{EVENT}/agenda/anna", headers=manager)).json()
        assert (agenda["version"], [meeting["slot"] for meeting in agenda["meetings"]]) == (0, [1, 1])
        sheet = await http.get(f"{EVENT}/agenda/pages/participants/bruno", headers=manager)
        assert ("Firm anna (r2)" in sheet.text, "Firm dora" in sheet.text) == (True, True)
        assert "Vendite" in (await http.get(f"{EVENT}/agenda/pages/participants/anna", headers=manager)).text
