"""The waiting list: a quota is never overbooked, and who waits longest is promoted."""

import asyncio

import httpx2

from distretti.devstack.token_issuer import Issuer
from services.events.main import SERVICE
from shared.chassis.config import Settings
from shared.chassis.writes.claims import CLAIMS
from shared.contracts import topics
from shared.contracts.registry import MemberApproved, MemberWithdrawn
from tests.events.factories import announcement, feed_members
from tests.events.factories import member as applied
from tests.lib.publish_event import feed
from tests.lib.services import bearer, eventually, serving

EVENT = "/v1/brokerage-events/fair"
REGISTRATIONS = f"{EVENT}/registrations"


async def statuses(http: httpx2.AsyncClient, headers: dict[str, str]) -> dict[str, str]:
    listed = (await http.get(REGISTRATIONS, params={"limit": 100}, headers=headers)).json()["items"]
    return {registration["member_id"]: registration["status"] for registration in listed}


async def test_quotas_are_never_overbooked_and_the_waiting_list_is_promoted(settings: Settings, issuer: Issuer) -> None:
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
