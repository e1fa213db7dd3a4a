"""Appointments follow the day: to another table where theirs is closed, or given up while the meeting stays agreed."""

from typing import Any

import httpx2
import pytest

from distretti.devstack.token_issuer import Issuer
from services.events.appointment.rules.relocation import UNAVAILABLE
from services.events.job_runner import FULL_INTERVAL
from services.events.main import SERVICE
from services.events.meeting.aggregate import MEETING
from shared.chassis.config import Settings
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.writes.claims import CLAIMS
from shared.contracts.events import AppointmentDropped, AppointmentMade, ParticipantWithdrew
from tests.events.appointment.test_concurrent_booking import coming_slots
from tests.events.appointment.test_manager_moves import held_by, move
from tests.events.attendance.test_api import running_slots
from tests.events.factories import agree, publish
from tests.events.jobs.test_auto_repair import at_once, met, places
from tests.events.lifecycle.test_closing_report import sent
from tests.lib.services import bearer, eventually, serving

EVENT = "/v1/brokerage-events/fair"


async def close(http: httpx2.AsyncClient, headers: dict[str, str], *tables: int) -> None:
    assert (await http.put(f"{EVENT}/closed-tables", json={"tables": tables}, headers=headers)).is_success


async def appointment(runtime: Runtime, *pair: str) -> dict[str, Any] | None:
    meeting = await runtime.mongo[MEETING.collection].find_one({"_id": met(*pair)})
    assert meeting is not None
    assert meeting["state"]["status"] == "accepted", "the meeting stays agreed"
    place: dict[str, Any] | None = meeting["state"]["appointment"]
    return place


async def test_a_closed_table_sends_its_appointments_to_another_or_gives_them_up(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        pairs = [("anna", "bruno"), ("carla", "dora"), ("elio", "fabio")]
        await agree(runtime, "fair", pairs, slots=coming_slots(3), tables=3)
        manager = bearer(issuer, "manager", districts=["marble"])
        for pair, (slot, table) in zip(pairs, [(1, 1), (1, 2), (2, 1)], strict=True):
            assert (await move(http, met(*pair), manager, slot=slot, table=table)).is_success
        address = (await http.post(f"{EVENT}/agenda/anna/calendar-address", headers=manager)).json()["path"]
        claims = await held_by(runtime, met("elio", "fabio"))

        async def at(*pair: str, table: int | None) -> bool:
            place = await appointment(runtime, *pair)
            return (place and place["table"]) == table

        # Woken by whoever closes it: not only when all events are looked at.
        await close(http, manager, 1)
        await eventually(lambda: at("anna", "bruno", table=3), FULL_INTERVAL - 1)
        assert await appointment(runtime, "anna", "bruno") == {
            "slot": 1,
            "table": 3,
            "people": ["anna", "bruno"],
            "override_availability": [],
        }
        assert await at("carla", "dora", table=2), "whose table is open stays"
        await eventually(lambda: _moved_to_an_open_table(runtime, claims))

        # Of two in one slot one keeps the last table; there is no room for the other.
        await close(http, manager, 1, 3)
        await eventually(lambda: at("anna", "bruno", table=None), FULL_INTERVAL - 1)
        (dropped,) = await sent(runtime.mongo, AppointmentDropped)
        assert (dropped.slot, dropped.table) == (1, 3)
        assert (dropped.reason.it[:21], dropped.reason.en[:17]) == ("Il tavolo 3 è chiuso,", "Table 3 is closed")
        assert await held_by(runtime, met("anna", "bruno")) == set()
        calendar = (await http.get(address)).text
        assert ("STATUS:CANCELLED" in calendar, "SEQUENCE:3" in calendar) == (True, True), "made, moved and given up"

        # Done is done, by whoever looks.
        versions = await runtime.mongo[MEETING.collection].distinct("version")
        await runtime.workers[1].round()  # type: ignore[attr-defined]
        assert await runtime.mongo[MEETING.collection].distinct("version") == versions
        # The sides can agree on another time, and the next agenda can place it.
        for by in ("anna", "bruno"):
            answer = await move(http, met("anna", "bruno"), bearer(issuer, "member", by), by=by, slot=3)
        assert answer.json()["appointment"]["table"] == 2

        # Who asks for a slot in which it is not available comes: it said so itself.
        path = f"{EVENT}/registrations/elio/availability"
        assert (await http.put(path, json={"unavailable": [3]}, headers=manager)).is_success
        await close(http, manager)
        request = {"by": "elio", "towards": "carla", "mode": "b2b", "slot": 3}
        assert (await http.post(f"{EVENT}/meetings", json=request, headers=bearer(issuer, "member", "elio"))).is_success
        agreed = await http.post(f"/v1/meetings/{met('elio', 'carla')}/accept", json={"by": "carla"}, headers=manager)
        assert agreed.json()["appointment"]["override_availability"] == ["elio"]


async def _moved_to_an_open_table(runtime: Runtime, claims: set[str]) -> bool:
    place = await appointment(runtime, "elio", "fabio")
    held = await held_by(runtime, met("elio", "fabio"))
    return (
        place is not None
        and place["table"] != 1
        and held == {claim for claim in claims if ":table:" not in claim} | {f"fair:2:table:{place['table']}"}
    )


async def test_who_is_not_there_any_more_is_waited_for_by_nobody(
    settings: Settings, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once(monkeypatch)
    async with serving(SERVICE, settings) as (runtime, http):
        # A running day with an agenda: what loses its appointment gets a place by the next repair.
        await agree(runtime, "fair", [("anna", "bruno"), ("carla", "dora")], slots=running_slots(1, 2), tables=1)
        await publish(runtime, "fair", {})
        manager = bearer(issuer, "manager", districts=["marble"])

        async def placed() -> dict[str, tuple[int, int]]:
            return places((await http.get(f"{EVENT}/agenda", headers=manager)).json())

        async def set_unavailable(member: str, *slots: int) -> None:
            path = f"{EVENT}/registrations/{member}/availability"
            assert (await http.put(path, json={"unavailable": slots}, headers=manager)).is_success

        assert (await move(http, met("carla", "dora"), manager, slot=3)).is_success
        await set_unavailable("anna", 1, 2)
        overridden = await move(http, met("anna", "bruno"), manager, slot=2, override_availability=True)
        assert overridden.json()["appointment"]["override_availability"] == ["anna"]
        await runtime.workers[1].round()  # type: ignore[attr-defined]
        assert await appointment(runtime, "anna", "bruno") is not None, "it was made against what Anna said"

        await set_unavailable("dora", 1, 3)

        async def given_up() -> bool:
            return await appointment(runtime, "carla", "dora") is None

        await eventually(given_up)
        (dropped,) = await sent(runtime.mongo, AppointmentDropped)
        assert dropped.reason == UNAVAILABLE
        assert (await http.delete(f"{EVENT}/registrations/bruno", headers=manager)).is_success

        async def repaired() -> bool:
            return await placed() == {met("carla", "dora"): (2, 1)}

        await eventually(repaired, 60)
        assert len(await sent(runtime.mongo, AppointmentMade)) == 2
        assert len(await sent(runtime.mongo, ParticipantWithdrew)) == 1
        assert await runtime.mongo[CLAIMS].count_documents({}) == 3
