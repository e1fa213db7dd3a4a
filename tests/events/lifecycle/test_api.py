"""The life of an event over HTTP: corrected by its managers."""

from typing import Any

from distretti.devstack.token_issuer import Issuer
from services.events.main import SERVICE
from shared.chassis.config import Settings
from shared.chassis.outbox.outbox import OUTBOX
from shared.contracts.events import (
    BrokerageEventCorrected,
)
from tests.events.factories import (
    announcement,
    feed_members,
)
from tests.lib.services import bearer, eventually, serving

EVENT = "/v1/brokerage-events/fair"
REGISTRATIONS = f"{EVENT}/registrations"


async def test_a_manager_adds_places_and_the_waiting_list_is_promoted(settings: Settings, issuer: Issuer) -> None:
    members = [f"m{number}" for number in range(6)]
    async with serving(SERVICE, settings) as (runtime, http):
        await feed_members(settings, runtime, members)
        manager, member = bearer(issuer, "manager", districts=["marble"]), bearer(issuer, "member", "m0")

        async def put(**changes: Any) -> Any:
            return await http.put(EVENT, json=announcement(**changes), headers=manager)

        assert (await put()).status_code == 404
        assert (await http.post("/v1/brokerage-events", json=announcement(id="fair", places=3), headers=manager)).is_success
        assert (await http.post(f"{EVENT}/open", headers=manager)).is_success
        for id in members:
            assert (await http.post(REGISTRATIONS, json={"member_id": id}, headers=manager)).is_success
        assert (await http.put(EVENT, json=announcement(), headers=member)).status_code == 403
        refused = await put(places=2)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (409, "places")
        same = await put(places=3)
        assert (same.status_code, same.json()["version"]) == (200, 2)

        corrected = await put(places=5, venue="Carrara, sala grande")
        assert (corrected.json()["version"], corrected.json()["status"]) == (3, "registration-open")
        assert (await http.get(EVENT)).json()["venue"] == "Carrara, sala grande"
        sent = await runtime.mongo[OUTBOX].find_one({"headers.ce_type": {"$regex": BrokerageEventCorrected.TYPE}})
        assert sent is not None
        correction = BrokerageEventCorrected.model_validate_json(sent["value"])
        assert (correction.changed, correction.participants) == (("venue", "places"), tuple(members))
        stale = await http.put(EVENT, json=announcement(places=9), headers={**manager, "If-Match": '"2"'})
        assert stale.status_code == 412

        async def moved_up() -> bool:
            listed = (await http.get(REGISTRATIONS, headers=manager)).json()["items"]
            return [registration["status"] for registration in listed].count("registered") == 5

        await eventually(moved_up)
        assert (await http.post(f"{EVENT}/close", headers=manager)).is_success
        assert (await put(venue="Massa")).json()["type"] == "urn:distretti:problem:event-closed"
