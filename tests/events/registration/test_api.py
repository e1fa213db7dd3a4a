"""Registrations over HTTP: who sees what of them, and who registers whom."""

import json
from typing import Any

from distretti.devstack.token_issuer import Issuer
from services.events.main import SERVICE
from services.events.projections import approved_members
from shared.chassis.config import Settings
from shared.contracts import topics
from shared.contracts.registry import MemberWithdrawn
from tests.events.factories import agree, announcement, feed_members, member
from tests.lib.publish_event import feed
from tests.lib.services import bearer, eventually, serving

EVENT = "/v1/brokerage-events/fair"

PUBLIC = {"id", "version", "event_id", "member_id", "status", "attends", "languages"}


async def test_a_registration_is_read_as_the_list_shows_it(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        await agree(runtime, "fair", [("anna", "bruno")])
        path = f"{EVENT}/registrations/anna"
        anna, bruno = bearer(issuer, "member", "anna"), bearer(issuer, "member", "bruno")
        manager = bearer(issuer, "manager", districts=["marble"])
        for headers in (anna, bruno, manager):
            answer = await http.get(path, headers=headers)
            listed = (await http.get(f"{EVENT}/registrations", headers=headers)).json()["items"]
            assert answer.json() in listed
            assert (answer.json().keys() == PUBLIC) == (headers is bruno)
            # A version counts changes of what others do not see.
            assert (answer.json()["version"], answer.headers.get("etag")) == ((None, None) if headers is bruno else (1, '"1"'))
        assert (await http.get(path)).status_code == 401
        for event, member, code in (("fair", "zeno", "not-registered"), ("none", "anna", "event-unknown")):
            unknown = await http.get(f"/v1/brokerage-events/{event}/registrations/{member}", headers=anna)
            assert (unknown.status_code, unknown.json()["type"]) == (404, f"urn:distretti:problem:{code}")
        stale = await http.delete(path, headers={**anna, "If-Match": '"9"'})
        assert stale.status_code == 412
        assert (await http.delete(path, headers={**anna, "If-Match": answer.headers["etag"]})).status_code == 200
        assert (await http.get(path, headers=bruno)).json()["status"] == "withdrawn"


REGISTRATIONS = f"{EVENT}/registrations"


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


async def test_nobody_can_be_wished_for_that_is_no_member_or_not_yet_one(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        await feed(settings, topics.MEMBERS, "applicant", 1, member("Applicant"))
        await feed_members(settings, runtime, ["anna", "bruno"])
        manager, anna = bearer(issuer, "manager", districts=["marble"]), bearer(issuer, "member", "anna")
        await http.post("/v1/brokerage-events", json=announcement(id="fair"), headers=manager)
        await http.post(f"{EVENT}/open", headers=manager)

        async def wish(*members: str) -> Any:
            wishes = [{"member_id": id, "wish": "must"} for id in members]
            return await http.post(REGISTRATIONS, json={"member_id": "anna", "preferences": wishes}, headers=anna)

        async def refused(id: str) -> Any:
            answer = await wish("bruno", id)
            assert answer.status_code == 422
            return json.loads(answer.text.replace(id, "x"))["errors"]

        unknown = await refused("nobody")
        assert [error["field"] for error in unknown] == ["preferences.1.member_id"]
        assert await refused("applicant") == unknown, "nobody learns that it applied"
        assert (await wish("bruno")).status_code == 201
        await feed(settings, topics.MEMBERS, "bruno", 3, MemberWithdrawn(reason="closed"))

        async def left() -> bool:
            return await approved_members(runtime.mongo, ["bruno"]) == set()

        await eventually(left)
        assert (await wish("bruno")).json()["version"] == 1, "who left meanwhile stands in no way"
