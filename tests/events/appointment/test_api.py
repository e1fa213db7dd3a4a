"""Appointments: by hand for meetings that have no place, and for representatives, each of whom is a person."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from distretti.devstack.token_issuer import Issuer
from services.events.agenda.versions import AGENDA_VERSIONS
from services.events.appointment.rules.booking import AppointmentContext, AppointmentRequest, appoint
from services.events.brokerage.queries import brokerage_event
from services.events.computation.queue import COMPUTATIONS
from services.events.computation.worker import AgendaWorker
from services.events.lifecycle.closing_report import closing_report
from services.events.main import SERVICE, workers
from services.events.meeting import state as meeting_state
from services.events.meeting.aggregate import MEETING
from services.events.meeting.queries import meeting_id
from services.events.meeting.rules.context import Place
from services.events.meeting.rules.representatives import assign_representatives, split_limit
from shared.chassis.config import Settings
from shared.chassis.errors import Refusal
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.workers.worker import Worker
from shared.chassis.writes.write_path import CLAIMS
from shared.contracts.base import DomainEvent
from shared.contracts.events import AppointmentMade, AppointmentProposed, MeetingAccepted, MeetingCancelled, MeetingRequested
from tests.events.appointment.test_concurrent_booking import coming_slots
from tests.events.factories import agree, announcement, computed, event_state, feed_members, publish
from tests.events.meeting.rules.test_requests import ALL, BEFORE, after, refusal
from tests.lib.services import bearer, eventually, serving

EVENT = "/v1/brokerage-events/fair"
PAIR = (
    MeetingRequested(event_id="e", mode="b2b", by="anna", towards="bruno"),
    MeetingAccepted(event_id="e", by="bruno", towards="anna"),
)


class Idle(AgendaWorker):
    """Keeps the ledger, and computes nothing."""

    async def run(self) -> None:
        pass


def idle_workers(runtime: Runtime) -> list[Worker]:
    _, periodic_jobs = workers(runtime)
    return [Idle(runtime.mongo, runtime.write, runtime.clock), periodic_jobs]


FREE = AppointmentContext(ALL, None, Place(1, ("anna", "bruno")), BEFORE)


def wished(state: Any, *wishes: AppointmentRequest, chance: AppointmentContext = FREE) -> list[DomainEvent]:
    """The events of these appointment requests, one after the other."""
    events: list[DomainEvent] = []
    for wish in wishes:
        for event in appoint(state, wish, chance, event_state()):
            state = meeting_state.evolve(state, event)
            events.append(event)
    return events


def test_both_sides_say_the_same_slot() -> None:
    proposed = AppointmentProposed(event_id="e", by="anna", slot=2)
    made = AppointmentMade(event_id="e", slot=2, table=1, people=("anna", "bruno"), anyway=())
    anna, bruno = AppointmentRequest(2, by="anna"), AppointmentRequest(2, by="bruno")
    assert wished(after(*PAIR), anna, anna, bruno, bruno) == [proposed, made], "the same again changes nothing"
    assert wished(after(*PAIR), AppointmentRequest(2)) == [made], "a manager decides"
    counter_proposal = AppointmentProposed(event_id="e", by="bruno", slot=3)
    assert wished(after(*PAIR), anna, AppointmentRequest(3, by="bruno"), anna) == [proposed, counter_proposal, proposed], (
        "another slot is another proposal"
    )
    assert wished(after(*PAIR), AppointmentRequest(2, 1, "anna"), AppointmentRequest(2, 2, "bruno"))[1].TYPE == proposed.TYPE, (
        "so is another table"
    )
    assert wished(after(*PAIR), AppointmentRequest(2, 1, "anna"), bruno)[1] == made, "who names no table takes the other's"
    off = MeetingCancelled(event_id="e", by="bruno", reason="no")
    assert after(*PAIR, proposed, off).proposal is None


def test_only_what_has_no_place_gets_one_by_hand() -> None:
    def refused(wish: AppointmentRequest, state: Any = None, **changes: Any) -> str:
        chance = AppointmentContext(**{**FREE.__dict__, **changes})
        return refusal(lambda: appoint(state or after(*PAIR), wish, chance, event_state()))

    assert refused(AppointmentRequest(2, by="anna"), in_agenda=(1, 1)) == "meeting-placed"
    assert refused(AppointmentRequest(3, by="anna"), after(*PAIR, *wished(after(*PAIR), AppointmentRequest(2)))) == "meeting-placed"
    assert refused(AppointmentRequest(2), after(PAIR[0])) == "meeting-not-accepted"
    assert refused(AppointmentRequest(2, by="carla")) == "not-a-side"
    assert refused(AppointmentRequest(2), registered=frozenset({"anna"})) == "not-registered"
    assert refused(AppointmentRequest(2), place=None) == "no-table-free"
    assert refused(AppointmentRequest(4)) == refused(AppointmentRequest(2, 3)) == "invalid"
    assert refused(AppointmentRequest(2, 1), place=None) == "table-not-theirs"
    unavailable = frozenset({"bruno"})
    assert refused(AppointmentRequest(2), unavailable=unavailable) == "not-available"
    chance = AppointmentContext(**{**FREE.__dict__, "unavailable": unavailable})
    assert [event.TYPE for event in wished(after(*PAIR), AppointmentRequest(2, override_availability=True), chance=chance)] == [
        AppointmentMade.TYPE
    ]
    assert wished(after(*PAIR), AppointmentRequest(2, by="anna"), AppointmentRequest(2, by="bruno"), chance=chance)[1:], (
        "who agrees has time after all"
    )
    late = event_state().slots[1].starts
    assert refused(AppointmentRequest(2), now=late) == "slot-begun"
    with pytest.raises(Refusal, match="meeting-unknown"):
        appoint(None, AppointmentRequest(2), FREE, event_state())


@given(st.none() | st.integers(1, 12), st.lists(st.integers(0, 6), min_size=1, max_size=4))
def test_what_a_member_wishes_for_its_people_share(limit: int | None, given_to: list[int]) -> None:
    shares = split_limit(limit, given_to)
    if limit is None or sum(given_to) <= limit:
        assert shares == (None,) * len(given_to)
    else:
        assert sum(share or 0 for share in shares) == limit, "never more, and no less"
        assert all((share or 0) <= has for share, has in zip(shares, given_to, strict=True))


def test_who_is_named_sits_there_whoever_sat_there_before() -> None:
    people = {"anna": ("anna:r1", "anna:r2"), "bruno": ("bruno",)}
    named = replace(after(*PAIR), people=("anna:r2",))
    before = {"m": ("anna:r1", "bruno")}
    assert assign_representatives({"m": named}, people, before) == {"m": ("anna:r2", "bruno")}
    with_unknown_representative = replace(named, people=("anna:r9",))
    assert assign_representatives({"m": with_unknown_representative}, people, before) == {"m": ("anna:r1", "bruno")}


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


async def test_an_agenda_has_two_representatives_in_one_slot(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        await feed_members(settings, runtime, ["anna", "bruno", "carla", "dora"])
        manager = bearer(issuer, "manager", districts=["marble"])
        await opened(http, manager, 1)
        for towards, named in (("bruno", "r1"), ("carla", None), ("dora", None)):
            body = {"by": towards, "towards": "anna", "mode": "b2b"}
            request = (await http.post(f"{EVENT}/meetings", json=body, headers=manager)).json()
            answer = {"by": "anna", **({"representative": named} if named else {})}
            accepted = await http.post(f"/v1/meetings/{request['id']}/accept", json=answer, headers=manager)
            assert accepted.json()["people"] == ([f"anna:{named}"] if named else [])
        await http.post(f"{EVENT}/agenda", json={"time_limit": 60}, headers=manager)
        assert (await computed(http, "fair", manager))["status"] == "published"
        agenda = (await http.get(f"{EVENT}/agenda", headers=manager)).json()
        seated = {person for placement in agenda["placements"] for person in placement["people"] if person.startswith("anna")}
        assert (len(agenda["placements"]), seated) == (2, {"anna:r1", "anna:r2"})
        assert len(agenda["unplaced"]) == 1


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

        assert (await arrange("carla", 2, bearer(issuer, "member", "bruno"))).status_code == 403
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
        event = await brokerage_event(runtime.mongo, "fair")
        last = event.state.slots[-1].starts
        early, late = [await closing_report(runtime.mongo, event, last + timedelta(minutes=minutes)) for minutes in (-1, 1)]
        assert (early.not_held, early.appointments, early.called_off) == ((id,), (), ())
        assert [appointment.slot for appointment in early.appointments_off] == [3]
        assert (late.not_held, late.called_off, late.appointments_off) == ((id,), (), ())
        assert [appointment.slot for appointment in late.appointments] == [3]


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
        restored = await http.post(f"{EVENT}/agenda/versions/1/restore", headers=manager)
        assert (restored.status_code, await ledger.count_documents({"status": "cancelled"})) == (200, 1)
        newest = (await http.get(f"{EVENT}/agenda", headers=manager)).json()
        assert (newest["restores"], newest["status"], newest["bound"]) == (1, "feasible", 0)
        await http.post(f"{EVENT}/agenda", headers=manager)
        assert await ledger.count_documents({"status": "queued"}) == 1
        assert (await http.post(f"{EVENT}/close", headers=manager)).is_success
        assert await ledger.count_documents({"status": "cancelled"}) == 1
