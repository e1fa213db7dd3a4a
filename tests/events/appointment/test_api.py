"""Appointments: by hand for meetings that have no place, and for representatives, each of whom is a person."""

from datetime import timedelta
from typing import Any

import httpx2

from distretti.devstack.token_issuer import Issuer
from services.events.brokerage.queries import read_brokerage_event
from services.events.computation.worker import AgendaWorker
from services.events.lifecycle.closing_report import closing_report
from services.events.main import SERVICE, workers
from services.events.meeting.aggregate import MEETING
from services.events.meeting.queries import meeting_id
from shared.chassis.config import Settings
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.workers.worker import Worker
from shared.chassis.writes.claims import CLAIMS
from tests.events.appointment.rules.test_booking import PAIR
from tests.events.appointment.test_concurrent_booking import coming_slots
from tests.events.factories import agree, publish
from tests.events.meeting.rules.test_requests import after
from tests.lib.services import bearer, serving

EVENT = "/v1/brokerage-events/fair"


class Idle(AgendaWorker):
    """Keeps the ledger, and computes nothing."""

    async def run(self) -> None:
        pass


def idle_workers(runtime: Runtime) -> list[Worker]:
    _, periodic_jobs = workers(runtime)
    return [Idle(runtime.mongo, runtime.write, runtime.clock), periodic_jobs]


async def test_a_meeting_without_a_place_is_given_one_by_hand(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        await agree(runtime, "fair", [("anna", "bruno"), ("anna", "carla")], slots=coming_slots(2), tables=1)
        unknown = await http.get(f"{EVENT}/agenda/anna", headers=bearer(issuer, "member", "anna"))
        assert unknown.json()["type"] == "urn:distretti:problem:agenda-unknown"
        await publish(runtime, "fair", {("anna", "bruno"): (1, 1)})
        manager = bearer(issuer, "manager", districts=["marble"])
        id = meeting_id("fair", "anna", "carla")

        async def arrange(by: str | None, slot: int, caller: dict[str, str] | None = None, **more: Any) -> httpx2.Response:
            body = {**({"by": by} if by else {}), "slot": slot, **more}
            return await http.put(f"/v1/meetings/{id}/appointment", json=body, headers=caller or bearer(issuer, "member", by))

        assert (await arrange("carla", 2, bearer(issuer, "member", "bruno"))).status_code == 404
        assert (await arrange(None, 2, bearer(issuer, "member", "anna"))).status_code == 403
        assert (await arrange("carla", 9)).json()["errors"][0]["field"] == "slot"
        assert (await arrange("carla", 2, table=2)).json()["errors"][0]["field"] == "table"
        full = await arrange(None, 1, manager)
        assert (full.status_code, full.json()["type"]) == (409, "urn:distretti:problem:no-table-free")
        assert (await arrange("carla", 2)).json()["proposal"] == {"slot": 2, "table": None, "by": ["carla"]}
        made = await arrange("anna", 2)
        assert made.json()["appointment"] == {"slot": 2, "table": 1, "people": ["anna", "carla"], "override_availability": []}
        path = f"/v1/meetings/{meeting_id('fair', 'anna', 'bruno')}/appointment"
        placed = await http.put(path, json={"by": "anna", "slot": 2}, headers=manager)
        assert placed.json()["type"] == "urn:distretti:problem:meeting-placed"

        # It is on paper and in the calendar, under the same claims as the agenda's.
        assert set(await runtime.mongo[CLAIMS].distinct("_id", {"holder": id})) == {
            "fair:2:person:anna",
            "fair:2:person:carla",
            "fair:2:table:1",
        }
        agenda = (await http.get(f"{EVENT}/agenda/carla", headers=manager)).json()
        assert [(meeting["slot"], meeting["appointment"]) for meeting in agenda["meetings"]] == [(2, True)]
        sheet = await http.get(f"{EVENT}/agenda/pages/participants/carla", headers=manager)
        assert "anna" in sheet.text
        address = (await http.post(f"{EVENT}/agenda/carla/calendar-address", headers=manager)).json()["path"]
        calendar = (await http.get(address)).text
        assert (calendar.count("BEGIN:VEVENT"), "STATUS:CONFIRMED" in calendar, "SEQUENCE:1" in calendar) == (1, True, True)
        cancellation = {"by": "anna", "reason": "ill"}
        assert (await http.post(f"/v1/meetings/{id}/cancel", json=cancellation, headers=manager)).status_code == 200
        calendar = (await http.get(address)).text
        assert (calendar.count("BEGIN:VEVENT"), "STATUS:CANCELLED" in calendar, "SEQUENCE:2" in calendar) == (1, True, True)
        assert await runtime.mongo[MEETING.collection].count_documents({"state.proposal": None}) == 2
        assert after(*PAIR).proposed_table(1, 3) == 3


async def test_a_meeting_that_left_its_place_in_the_agenda_is_shown_and_told_once(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        await agree(runtime, "fair", [("anna", "bruno")], slots=coming_slots(3), tables=1)
        await publish(runtime, "fair", {("anna", "bruno"): (1, 1)})
        manager = bearer(issuer, "manager", districts=["marble"])
        id = meeting_id("fair", "anna", "bruno")
        off = {"by": "anna", "reason": "later"}
        assert (await http.post(f"/v1/meetings/{id}/cancel", json=off, headers=manager)).is_success
        request = {"by": "anna", "towards": "bruno", "mode": "b2b", "slot": 3}
        assert (await http.post(f"{EVENT}/meetings", json=request, headers=manager)).is_success
        accepted = await http.post(f"/v1/meetings/{id}/accept", json={"by": "bruno"}, headers=manager)
        assert accepted.json()["appointment"]["slot"] == 3
        meetings = (await http.get(f"{EVENT}/agenda/anna", headers=manager)).json()["meetings"]
        assert [(meeting["slot"], meeting["appointment"]) for meeting in meetings] == [(3, True)]
        event = await read_brokerage_event(runtime.mongo, "fair")
        last = event.state.slots[-1].starts
        early, late = [await closing_report(runtime.mongo, event, last + timedelta(minutes=minutes)) for minutes in (-1, 1)]
        assert (early.not_held, early.appointments, early.called_off) == ((id,), (), ())
        assert [appointment.slot for appointment in early.appointments_off] == [3]
        assert (late.not_held, late.called_off, late.appointments_off) == ((id,), (), ())
        assert [appointment.slot for appointment in late.appointments] == [3]
