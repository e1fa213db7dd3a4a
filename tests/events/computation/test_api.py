"""The progress of a computation is shown; it can be stopped with the best schedule so far, or cancelled."""

from itertools import combinations
from typing import Any

import httpx2
import psutil

from distretti.devstack.token_issuer import Issuer
from services.events.agenda.aggregate import AGENDA
from services.events.main import SERVICE
from shared.chassis.config import Settings
from tests.events.computation.test_worker import HARD, ROOM, solvers
from tests.events.factories import agree, computed, feed_members, publish, slots
from tests.events.meeting.test_place_search import opened
from tests.lib.services import bearer, eventually, serving

EVENT = "/v1/brokerage-events/fair"
COMPUTATION = f"{EVENT}/agenda/computation"


async def best_so_far(http: httpx2.AsyncClient, headers: dict[str, str]) -> dict[str, Any]:
    async def progress() -> dict[str, Any] | None:
        return (await http.get(COMPUTATION, headers=headers)).json()["best"]

    best = await eventually(progress, 60)
    assert best is not None
    return best


async def test_a_stopped_search_publishes_the_best_schedule_so_far(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        manager, member = bearer(issuer, "manager", districts=["marble"]), bearer(issuer, "member", "m1")
        await agree(runtime, "fair", HARD, **ROOM)
        assert (await http.post(f"{EVENT}/agenda", json={"time_limit": 300}, headers=manager)).status_code == 202
        best = await best_so_far(http, manager)
        assert best["placed"] == len(HARD)
        assert (await http.post(f"{COMPUTATION}/stop", headers=member)).status_code == 403
        answer = await http.post(f"{COMPUTATION}/stop", headers=manager)
        assert (answer.status_code, answer.json()["status"], answer.json()["stop_requested"]) == (202, "running", True)
        ended = await computed(http, "fair", manager)
        assert (ended["status"], ended["agenda_version"]) == ("published", 1)
        agenda = (await http.get(f"{EVENT}/agenda", headers=manager)).json()
        assert (agenda["status"], len(agenda["placements"])) == ("feasible", len(HARD))
        assert agenda["breaks"] <= best["breaks"]


async def test_a_cancelled_computation_publishes_nothing_and_another_can_be_requested(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        manager = bearer(issuer, "manager", districts=["marble"])
        await agree(runtime, "fair", HARD, **ROOM)
        assert (await http.delete(COMPUTATION, headers=manager)).status_code == 404
        await http.post(f"{EVENT}/agenda", json={"time_limit": 300}, headers=manager)
        await best_so_far(http, manager)
        (solver,) = solvers(psutil.Process())
        assert (await http.delete(COMPUTATION, headers=bearer(issuer, "member", "m1"))).status_code == 403
        assert (await http.delete(COMPUTATION, headers=manager)).json()["status"] == "cancelled"

        async def solver_ended() -> bool:
            return not solver.is_running()

        await eventually(solver_ended)
        for answer in (await http.delete(COMPUTATION, headers=manager), await http.post(f"{COMPUTATION}/stop", headers=manager)):
            assert (answer.status_code, answer.json()["type"]) == (409, "urn:distretti:problem:computation-ended")
        assert await runtime.mongo[AGENDA.collection].find_one({"_id": "fair"}) is None
        request = await http.post(f"{EVENT}/agenda", json={"time_limit": 2}, headers=manager)
        assert (request.status_code, request.json()["stop_requested"]) == (202, False)
        assert (await computed(http, "fair", manager))["status"] == "published"


async def test_a_search_stopped_before_the_first_schedule_publishes_the_first(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        manager = bearer(issuer, "manager", districts=["marble"])
        await agree(runtime, "fair", HARD, **ROOM)
        await http.post(f"{EVENT}/agenda", json={"time_limit": 300}, headers=manager)
        assert (await http.post(f"{COMPUTATION}/stop", headers=manager)).json()["best"] is None
        assert (await computed(http, "fair", manager))["status"] == "published"


async def test_a_repair_shows_progress_and_can_be_stopped(settings: Settings, issuer: Issuer) -> None:
    """Each member is to meet each other member in one slot too few: the repair searches until its time limit."""
    pairs = list(combinations([f"n{number:02d}" for number in range(13)], 2))
    async with serving(SERVICE, settings) as (runtime, http):
        manager = bearer(issuer, "manager", districts=["marble"])
        await agree(runtime, "fair", pairs, slots=slots(12), tables=13)
        await publish(runtime, "fair", {})
        request = await http.post(f"{EVENT}/agenda", json={"repair": True, "time_limit": 300}, headers=manager)
        assert request.status_code == 202
        best = await best_so_far(http, manager)
        assert (await http.post(f"{COMPUTATION}/stop", headers=manager)).status_code == 202
        ended = await computed(http, "fair", manager)
        assert (ended["status"], ended["agenda_version"]) == ("published", 2)
        agenda = (await http.get(f"{EVENT}/agenda", headers=manager)).json()
        assert (agenda["status"], agenda["repaired"]) == ("feasible", True)
        assert len(agenda["placements"]) >= best["placed"] > 0


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
