"""A manager moves meetings by hand, whether they are in the agenda or appointments already: they leave nothing behind."""

import asyncio
import random
from collections import Counter
from functools import partial
from itertools import combinations
from typing import Any

import httpx2
import pytest

from distretti.devstack.token_issuer import Issuer
from services.events.agenda.aggregate import AGENDA
from services.events.main import SERVICE
from services.events.meeting.aggregate import MEETING
from services.events.meeting.queries import meeting_id
from services.events.registration.aggregate import REGISTRATION
from services.events.registration.queries import registration_id
from services.events.registration.rules.participation import register
from shared.chassis.config import Settings
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.writes.claims import CLAIMS
from shared.contracts.events import AgendaPublished, AppointmentMade, ParticipantRegistered
from tests.events.appointment.test_concurrent_booking import coming_slots
from tests.events.attendance.test_api import running_slots
from tests.events.calendar.rfc5545 import Calendar
from tests.events.factories import APPROVED, CAUSE, MORNING, agree, agree_on, computed, event_state, publish
from tests.events.jobs.test_auto_repair import at_once, met, places
from tests.events.lifecycle.test_closing_report import sent
from tests.lib.services import bearer, eventually, serving

EVENT = "/v1/brokerage-events/fair"


async def move(http: httpx2.AsyncClient, id: str, headers: dict[str, str], **wish: Any) -> httpx2.Response:
    return await http.put(f"/v1/meetings/{id}/appointment", json=wish, headers=headers)


async def held_by(runtime: Runtime, holder: str) -> set[str]:
    return set(await runtime.mongo[CLAIMS].distinct("_id", {"holder": holder}))


async def test_a_meeting_of_the_agenda_is_moved_locked_and_never_placed_again(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        await agree(runtime, "fair", [("anna", "bruno"), ("anna", "carla"), ("carla", "dora")], slots=coming_slots(4), tables=2)
        await publish(runtime, "fair", {("anna", "bruno"): (1, 1), ("anna", "carla"): (2, 1), ("carla", "dora"): (3, 1)})
        manager = bearer(issuer, "manager", districts=["marble"])
        ab, ac, cd = (met(*pair) for pair in (("anna", "bruno"), ("anna", "carla"), ("carla", "dora")))
        address = (await http.post(f"{EVENT}/agenda/anna/calendar-address", headers=manager)).json()["path"]

        side = await move(http, ab, bearer(issuer, "member", "anna"), by="anna", slot=4)
        assert (side.status_code, "a manager of the event can move it" in side.json()["detail"]) == (409, True)
        busy = await move(http, ab, manager, slot=2)
        assert busy.json()["type"] == "urn:distretti:problem:person-booked", "Anna meets Carla then"

        # Another table in the same slot, where its own people sit by the agenda; then another time, and back.
        assert (await move(http, ab, manager, slot=1, table=2)).json()["appointment"]["table"] == 2
        assert await held_by(runtime, ab) == {"fair:1:person:anna", "fair:1:person:bruno", "fair:1:table:2"}
        moved = await move(http, ab, manager, slot=4)
        repeated = await move(http, ab, manager, slot=4, table=moved.json()["appointment"]["table"])
        assert (moved.status_code, repeated.json()["version"]) == (200, moved.json()["version"])
        assert await held_by(runtime, "fair") == {
            *("fair:2:person:anna", "fair:2:person:carla", "fair:2:table:1"),
            *("fair:3:person:carla", "fair:3:person:dora", "fair:3:table:1"),
        }
        assert (await move(http, ac, manager, slot=1, table=1)).status_code == 200, "its old place is free at once"
        assert (await move(http, cd, manager, slot=3)).json()["appointment"]["table"] == 1, "it is to stay where it is"
        assert [event.moved for event in await sent(runtime.mongo, AppointmentMade)] == [True, True, True, False]

        meetings = (await http.get(f"{EVENT}/agenda/anna", headers=manager)).json()["meetings"]
        assert [(meeting["meeting_id"], meeting["slot"], meeting["appointment"]) for meeting in meetings] == [
            (ac, 1, True),
            (ab, 4, True),
        ]

        async def calendar_entries() -> list[tuple[str, str]]:
            events = Calendar((await http.get(address)).content).events
            return sorted((event["STATUS"][2], event["SEQUENCE"][2]) for event in events)

        async def both_on() -> bool:
            return [status for status, _ in await calendar_entries()] == ["CONFIRMED", "CONFIRMED"]

        await eventually(both_on)
        versions = await sent(runtime.mongo, AgendaPublished)
        assert [version.appointed for version in versions] == [(), (ab,), (ac,), (cd,)]

        # The next agenda has nothing to place: all are fixed where they are.
        await http.post(f"{EVENT}/agenda", json={"time_limit": 60}, headers=manager)
        assert (await computed(http, "fair", manager))["status"] == "published"
        agenda = (await http.get(f"{EVENT}/agenda", headers=manager)).json()
        assert (agenda["placements"], agenda["unplaced"]) == ([], [])
        after_all = (await http.get(f"{EVENT}/agenda/anna", headers=manager)).json()["meetings"]
        assert [meeting["slot"] for meeting in after_all] == [1, 4]

        # Dora wants no more than the meeting that she has, and a break of one slot beside it.
        dora = ParticipantRegistered(event_id="fair", member_id="dora", most_meetings=1, min_break=1)
        state = event_state(slots=coming_slots(4), tables=2)
        rule = partial(register, requested=dora, brokerage_event=state, member=APPROVED, places=(), now=MORNING)
        await runtime.write.execute(REGISTRATION, registration_id("fair", "dora"), rule, CAUSE)
        await agree_on(runtime, "fair", ("bruno", "dora"), state)
        assert (await move(http, cd, manager, slot=2)).status_code == 200, "a move is no meeting more"
        refused = await move(http, met("bruno", "dora"), manager, slot=3)
        assert (refused.status_code, refused.json()["type"]) == (409, "urn:distretti:problem:most-meetings-reached")
        assert (await move(http, met("bruno", "dora"), manager, slot=3, override_wishes=True)).status_code == 200


async def test_a_move_on_the_day_leaves_room_that_a_repair_fills(
    settings: Settings, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once(monkeypatch)
    async with serving(SERVICE, settings) as (runtime, http):
        # One table, two slots to come: of three meetings one has no place.
        pairs = [("anna", "bruno"), ("carla", "dora"), ("elio", "fabio")]
        await agree(runtime, "fair", pairs, slots=running_slots(1, 3), tables=1)
        await publish(runtime, "fair", {("anna", "bruno"): (1, 1), ("carla", "dora"): (2, 1)})
        manager = bearer(issuer, "manager", districts=["marble"])
        begun = await move(http, met("anna", "bruno"), manager, slot=3)
        assert begun.json()["type"] == "urn:distretti:problem:meeting-begun"
        assert (await move(http, met("carla", "dora"), manager, slot=3)).status_code == 200

        async def filled() -> bool:
            agenda = (await http.get(f"{EVENT}/agenda", headers=manager)).json()
            return {placement["meeting_id"] for placement in agenda["placements"]} == {met("anna", "bruno"), met("elio", "fabio")}

        await eventually(filled, 60)
        assert (await http.get(f"{EVENT}/agenda/carla", headers=manager)).json()["meetings"][0]["slot"] == 3


MEMBERS = [f"m{number:02}" for number in range(16)]
SLOTS, TABLES, MOVES = 8, 4, 60


async def test_moves_at_once_beside_a_computation_never_book_twice(settings: Settings, issuer: Issuer) -> None:
    draw = random.Random(7)
    patient = settings.model_copy(update={"requests_waiting": 2 * MOVES, "requests_patience": 60})
    pairs = draw.sample(list(combinations(MEMBERS, 2)), 18)
    async with serving(SERVICE, patient) as (runtime, http):
        await agree(runtime, "fair", pairs, slots=coming_slots(SLOTS), tables=TABLES)
        manager = bearer(issuer, "manager", districts=["marble"])
        await http.post(f"{EVENT}/agenda", json={"time_limit": 2}, headers=manager)
        assert (await computed(http, "fair", manager))["status"] == "published"
        await http.post(f"{EVENT}/agenda", json={"time_limit": 3, "minimise_gaps": True}, headers=manager)
        wishes = [
            (meeting_id("fair", *draw.choice(pairs)), draw.randint(1, SLOTS), draw.choice([None, *range(1, TABLES + 1)]))
            for _ in range(MOVES)
        ]
        limits = httpx2.Limits(max_connections=MOVES)
        async with httpx2.AsyncClient(base_url=http.base_url, timeout=60, limits=limits) as crowd:
            answers = await asyncio.gather(
                *(move(crowd, id, manager, slot=slot, **({"table": table} if table else {})) for id, slot, table in wishes)
            )
        problems = [answer.json()["type"].rpartition(":")[2] for answer in answers if answer.status_code != 200]
        assert set(problems) <= {"person-booked", "table-taken", "no-table-free"}
        assert len(problems) < MOVES - len(pairs) // 2
        assert (await computed(http, "fair", manager))["status"] == "published"

        expected: Counter[tuple[str, str]] = Counter()
        for aggregate in (AGENDA, MEETING):
            async for document in runtime.mongo[aggregate.collection].find():
                expected.update(
                    (claim, document["_id"]) for claim in aggregate.claims(document["_id"], aggregate.read(document).state)
                )
        claims = [(claim["_id"], claim["holder"]) async for claim in runtime.mongo[CLAIMS].find()]
        assert Counter(claims) == expected
        assert len({claim for claim, _ in expected}) == sum(expected.values()), "nobody is in two places, no table has two meetings"
        agenda = await runtime.mongo[AGENDA.collection].find_one({"_id": "fair"})
        appointed = set(await runtime.mongo[MEETING.collection].distinct("_id", {"state.appointment.slot": {"$gte": 1}}))
        assert appointed
        assert agenda is not None
        assert appointed.isdisjoint(places(agenda["state"]))
