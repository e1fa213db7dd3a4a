"""A version restored over HTTP: it stands until something changes, and no computation is published behind it."""

from dataclasses import replace

import pytest

from distretti.devstack.token_issuer import Issuer
from services.events.agenda.versions import AGENDA_VERSIONS
from services.events.computation.queries import is_current
from services.events.computation.queue import COMPUTATIONS
from services.events.main import SERVICE
from shared.chassis.config import Settings
from tests.events.appointment.test_api import idle_workers
from tests.events.appointment.test_concurrent_booking import coming_slots
from tests.events.attendance.test_api import running_slots
from tests.events.factories import (
    agree,
    publish,
)
from tests.events.jobs.test_auto_repair import at_once, met, places, version
from tests.lib.services import bearer, eventually, serving

EVENT = "/v1/brokerage-events/fair"


async def test_a_version_restored_by_hand_stands_until_something_changes(
    settings: Settings, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once(monkeypatch)
    manager = bearer(issuer, "manager", districts=["marble"])
    async with serving(SERVICE, settings) as (runtime, http):
        await agree(runtime, "fair", [("anna", "bruno"), ("carla", "dora")], slots=running_slots(1, 2), tables=2)
        await publish(runtime, "fair", {("anna", "bruno"): (2, 1)})
        assert len(places(await version(runtime, 2))) == 2

        async def both_listed() -> bool:
            listed = (await http.get(f"{EVENT}/agenda/versions", headers=manager)).json()["items"]
            return len(listed) == 2

        await eventually(both_listed)
        restored = await http.post(f"{EVENT}/agenda/versions/1/restore", headers=manager)
        assert (restored.status_code, restored.json()["version"]) == (200, 3), restored.text
        assert await is_current(runtime.mongo, "fair", runtime.clock()), (
            "it leaves a meeting out, and that is what the manager wants"
        )
        assert (await http.put(f"{EVENT}/closed-tables", json={"tables": [1]}, headers=manager)).is_success
        assert set(places(await version(runtime, 4))) == {met("anna", "bruno"), met("carla", "dora")}


async def test_what_is_computed_is_published_behind_no_restoring_and_no_closing(settings: Settings, issuer: Issuer) -> None:
    async with serving(replace(SERVICE, workers=idle_workers), settings) as (runtime, http):
        await agree(runtime, "fair", [("anna", "bruno"), ("anna", "carla")], slots=coming_slots(3), tables=1)
        manager = bearer(issuer, "manager", districts=["marble"])
        request = await http.post(f"{EVENT}/agenda", json={"repair": True, "time_limit": 300}, headers=manager)
        assert request.json()["status"] == "queued"
        ledger = runtime.mongo[COMPUTATIONS]
        assert await ledger.count_documents({"repair": False}) == 1, "without an agenda there is nothing to repair"
        for places in ({("anna", "bruno"): (1, 1)}, {("anna", "bruno"): (2, 1)}):
            await publish(runtime, "fair", places, input=str(places))
        await eventually(lambda: runtime.mongo[AGENDA_VERSIONS.collection].find_one({"_id": {"$regex": "1$"}}))
        keyed = manager | {"Idempotency-Key": "restore"}
        restored = await http.post(f"{EVENT}/agenda/versions/1/restore", headers=keyed)
        assert (restored.status_code, await ledger.count_documents({"status": "cancelled"})) == (200, 1)
        newest = (await http.get(f"{EVENT}/agenda", headers=manager)).json()
        assert (newest["restores"], newest["status"], newest["bound"]) == (1, "feasible", 0)
        await http.post(f"{EVENT}/agenda", headers=manager)
        repeated = await http.post(f"{EVENT}/agenda/versions/1/restore", headers=keyed)
        assert (repeated.headers["idempotency-replayed"], repeated.text) == ("true", restored.text)
        assert await ledger.count_documents({"status": "queued"}) == 1
        assert (await http.post(f"{EVENT}/close", headers=manager)).is_success
        assert await ledger.count_documents({"status": "cancelled"}) == 1
