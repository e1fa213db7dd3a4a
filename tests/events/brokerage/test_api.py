"""An event's life over HTTP: a draft edited and announced, quotas that are never overbooked, a standby list that moves up."""

import asyncio
from typing import Any

import httpx2

from distretti.devstack.token_issuer import Issuer
from services.events.main import SERVICE
from services.events.projections import DISTRICTS
from shared.chassis.config import Settings
from shared.chassis.runtime.runtime import Runtime
from shared.chassis.writes.write_path import CLAIMS
from shared.contracts import topics
from shared.contracts.base import LocalizedText
from shared.contracts.registry import DistrictOpened, MemberApproved, MemberWithdrawn
from tests.events.factories import announcement, feed_members
from tests.events.factories import member as applied
from tests.lib.publish_event import feed
from tests.lib.services import bearer, eventually, serving

EVENT = "/v1/brokerage-events/fair"
REGISTRATIONS = f"{EVENT}/registrations"


async def statuses(http: httpx2.AsyncClient, headers: dict[str, str]) -> dict[str, str]:
    listed = (await http.get(REGISTRATIONS, params={"limit": 100}, headers=headers)).json()["items"]
    return {registration["member_id"]: registration["status"] for registration in listed}


async def another_district(settings: Settings, runtime: Runtime) -> None:
    wood = LocalizedText(it="Legno", en="Wood")
    await feed(settings, topics.DISTRICTS, "wood", 1, DistrictOpened(name=wood, theme=wood))

    async def district_known() -> bool:
        return await runtime.mongo[DISTRICTS.collection].count_documents({"_id": "wood"}) == 1

    await eventually(district_known)


async def test_a_draft_is_its_managers_until_it_is_announced(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        await feed_members(settings, runtime, ["anna"])
        manager, anna = bearer(issuer, "manager", districts=["marble"]), bearer(issuer, "member", "anna")

        async def post(path: str, body: Any = None) -> httpx2.Response:
            return await http.post(path, json=body, headers=manager)

        draft = announcement(id="fair", draft=True)
        assert (await post("/v1/brokerage-events", draft)).json()["status"] == "draft"

        # Another district's manager neither takes it over nor speaks for this one.
        woodman = bearer(issuer, "manager", districts=["wood"])
        await another_district(settings, runtime)
        for headers, body, code in (
            (woodman, announcement(id="fair", draft=True, districts=["wood"]), "event-exists"),
            (manager, announcement(id="both", districts=["marble", "wood"]), "not-allowed"),
            (woodman, announcement(id="both", districts=["marble", "wood"]), "not-allowed"),
        ):
            refused = await http.post("/v1/brokerage-events", json=body, headers=headers)
            assert refused.json()["type"] == f"urn:distretti:problem:{code}"
        joint = announcement(id="joint", draft=True, districts=["marble", "wood"])
        assert (await post("/v1/brokerage-events", joint)).status_code == 201
        assert (await post("/v1/brokerage-events/joint/announce")).status_code == 403, "all of them, or an operator"
        joint_manager = bearer(issuer, "manager", districts=["marble", "wood"])
        assert (await http.post("/v1/brokerage-events/joint/announce", headers=joint_manager)).json()["status"] == "announced"
        assert (await post("/v1/brokerage-events/joint/open")).is_success, "what is announced, each of them leads"
        assert (await http.post("/v1/brokerage-events/joint/close", headers=woodman)).is_success

        for headers, seen in ((manager, 200), (anna, 404), ({}, 404)):
            assert (await http.get(EVENT, headers=headers)).status_code == seen
            listed = (await http.get("/v1/brokerage-events", headers=headers)).json()["items"]
            assert [event["id"] for event in listed if event["id"] == "fair"] == (["fair"] if seen == 200 else [])
        assert (await post(f"{EVENT}/open")).json()["type"] == "urn:distretti:problem:event-is-a-draft"
        tables = [{"number": 1, "kind": "fixed", "member_id": "anna"}, {"number": 2, "kind": "virtual"}]
        edited = announcement(format="hybrid", languages=["it", "en"], special_tables=tables)
        assert (await http.put(f"{EVENT}/draft", json=edited, headers=anna)).status_code == 403
        assert (await http.put(f"{EVENT}/draft", json=edited, headers=manager)).json()["version"] == 2
        assert (await post(f"{EVENT}/announce")).json()["status"] == "announced"
        assert (await http.put(f"{EVENT}/draft", json=edited, headers=manager)).status_code == 409
        event = (await http.get(EVENT)).json()
        assert (event["phase"], event["format"], event["special_tables"][1]["kind"]) == ("announced", "hybrid", "virtual")
        assert (await post(f"{EVENT}/open")).json()["status"] == "registration-open"
        assert (await post(f"{EVENT}/start")).json()["status"] == "running"
        assert (await post(f"{EVENT}/open")).json()["type"] == "urn:distretti:problem:event-running"


async def test_quotas_are_never_overbooked_and_who_waits_moves_up(settings: Settings, issuer: Issuer) -> None:
    members = [f"m{number:02}" for number in range(30)]
    async with serving(SERVICE, settings) as (runtime, http):
        await feed_members(settings, runtime, members)
        manager, last_member = bearer(issuer, "manager", districts=["marble"]), bearer(issuer, "member", "m29")
        full = announcement(id="fair", places=12, quotas=[{"kind": "sme", "most": 9}, {"kind": "large-firm", "most": 1}])
        for path, body in (("/v1/brokerage-events", full), (f"{EVENT}/open", None)):
            assert (await http.post(path, json=body, headers=manager)).is_success

        async def register(id: str) -> httpx2.Response:
            return await http.post(REGISTRATIONS, json={"member_id": id}, headers=manager)

        answers = await asyncio.gather(*map(register, members))
        assert {answer.status_code for answer in answers} == {201}
        waiting = [answer.json()["member_id"] for answer in answers if answer.json()["status"] == "standby"]
        assert len(waiting) == 21, "nine of thirty small firms have a place"
        held = await runtime.mongo[CLAIMS].distinct("_id", {"_id": {"$regex": "^fair:place:"}})
        assert sorted(place for place in held if "sme" in place) == sorted(f"fair:place:sme:{number}" for number in range(1, 10))
        assert len(held) == 18
        repeated = await register(waiting[0])
        assert (repeated.json()["status"], repeated.json()["version"]) == ("standby", 1), "its turn is kept"

        # Two leave: the two that have waited longest come in, and nobody else.
        since = {answer.json()["member_id"]: answer.json()["since"] for answer in answers}
        in_turn = sorted(waiting, key=lambda member: since[member])
        leaving = [member for member in members if member not in waiting][:2]
        for member in leaving:
            assert (await http.delete(f"{REGISTRATIONS}/{member}", headers=manager)).json()["status"] == "withdrawn"

        async def moved_up() -> bool:
            now = await statuses(http, manager)
            return sum(status == "registered" for status in now.values()) == 9

        await eventually(moved_up)
        now = await statuses(http, manager)
        came_in = {member for member in waiting if now[member] == "registered"}
        assert {since[member] for member in came_in} <= {since[member] for member in in_turn[:2]}
        assert (await register(leaving[0])).json()["status"] == "standby", "who comes back joins the end"

        # Of twelve places nine are taken: who is of another kind waits for none of those who wait for the quota of theirs.
        institute = applied("Institute").model_copy(update={"kind": "research-organisation"})
        await feed(settings, topics.MEMBERS, "institute", 1, institute)
        await feed(settings, topics.MEMBERS, "institute", 2, MemberApproved())

        async def comes_in() -> bool:
            return (await register("institute")).json().get("status") == "registered"

        await eventually(comes_in)

        # Who leaves the registry leaves the event, and makes room; who leaves it while waiting does not come in.
        leavers = [
            next(member for member in members if now[member] == "registered"),
            next(member for member in in_turn if now[member] == "standby"),
        ]
        for id in leavers:
            await feed(settings, topics.MEMBERS, id, 3, MemberWithdrawn(reason="Chiusa"))

        async def left() -> bool:
            after = await statuses(http, manager)
            places = sum(after[member] == "registered" for member in members)
            return [after[id] for id in leavers] == ["withdrawn", "withdrawn"] and places == 9

        await eventually(left, 30)
        seen = (await http.get(REGISTRATIONS, headers=last_member)).json()["items"]
        assert all(("preferences" in registration) == (registration["member_id"] == "m29") for registration in seen), (
            "how others take part is theirs"
        )


async def test_at_the_desk_a_manager_registers_who_just_walks_in(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        await feed_members(settings, runtime, ["anna", "bruno", "carla", "dora"])
        manager = bearer(issuer, "manager", districts=["marble"])

        async def post(path: str, body: Any = None) -> None:
            assert (await http.post(path, json=body, headers=manager)).is_success

        async def register(id: str, headers: dict[str, str], **details: Any) -> tuple[int, str]:
            answer = await http.post(REGISTRATIONS, json={"member_id": id, **details}, headers=headers)
            content = answer.json()
            return answer.status_code, content.get("status") if answer.is_success else content["type"].rpartition(":")[2]

        await post("/v1/brokerage-events", announcement(id="fair", places=2))
        assert await register("anna", manager) == (409, "registration-not-open"), "a manager opens it"
        await post(f"{EVENT}/open")
        anna, bruno = bearer(issuer, "member", "anna"), bearer(issuer, "member", "bruno")
        woodman = bearer(issuer, "manager", districts=["wood"])
        assert await register("anna", anna) == (201, "registered")
        for closing in ("close-registration", "start"):
            await post(f"{EVENT}/{closing}")
            assert await register("bruno", bruno) == (409, "registration-not-open")
            assert await register("bruno", woodman) == (403, "not-allowed")
            assert await register("anna", anna, min_break=len(closing)) == (201, "registered"), "who is in it may change"
        assert await register("bruno", manager) == (201, "registered")
        assert await register("carla", manager) == (201, "standby"), "of two places none is left"
        await post(f"{EVENT}/close")
        assert await register("dora", manager) == (409, "event-closed")
        assert await register("anna", anna, min_break=1) == (409, "event-closed")
