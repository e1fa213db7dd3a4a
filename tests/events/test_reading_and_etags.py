"""Reading one thing, lists by what is so of their items, and reading again only what has changed."""

from typing import Any

import httpx2

from distretti.devstack.token_issuer import Issuer
from services.events.main import SERVICE
from shared.chassis.config import Settings
from tests.events.factories import agree, announcement, feed_members, meeting_id, publish
from tests.lib.services import bearer, serving

EVENT = "/v1/brokerage-events/fair"
PUBLIC = {"id", "version", "event_id", "member_id", "status", "attends", "languages"}


async def test_a_meeting_is_read_by_its_sides_and_managers(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        await agree(runtime, "fair", [("anna", "bruno")])
        id = meeting_id("fair", "anna", "bruno")
        anna, manager = bearer(issuer, "member", "anna"), bearer(issuer, "manager", districts=["marble"])
        for headers in (anna, bearer(issuer, "member", "bruno"), manager, bearer(issuer, "operator")):
            answer = await http.get(f"/v1/meetings/{id}", headers=headers)
            assert (answer.status_code, answer.json()["status"]) == (200, "accepted")
        listed = (await http.get(f"{EVENT}/meetings?member=anna", headers=anna)).json()["items"]
        assert [answer.json()] == listed
        for headers, status in (
            ({}, 401),
            (bearer(issuer, "member", "carla"), 403),
            (bearer(issuer, "manager", districts=["wood"]), 403),
        ):
            assert (await http.get(f"/v1/meetings/{id}", headers=headers)).status_code == status
        unknown = await http.get("/v1/meetings/none", headers=anna)
        assert (unknown.status_code, unknown.json()["type"]) == (404, "urn:distretti:problem:meeting-unknown")

        # Its ETag is what commands expect.
        for etag, status in (('"1"', 412), (answer.headers["etag"], 200)):
            off = await http.post(f"/v1/meetings/{id}/cancel", json={"reason": "ill"}, headers={**manager, "If-Match": etag})
            assert off.status_code == status
        assert (await http.get(f"/v1/meetings/{id}", headers=anna)).headers["etag"] == off.headers["etag"]


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
        assert (await http.get(path)).status_code == 401
        for event, member, code in (("fair", "zeno", "not-registered"), ("none", "anna", "event-unknown")):
            unknown = await http.get(f"/v1/brokerage-events/{event}/registrations/{member}", headers=anna)
            assert (unknown.status_code, unknown.json()["type"]) == (404, f"urn:distretti:problem:{code}")
        stale = await http.delete(path, headers={**anna, "If-Match": '"9"'})
        assert stale.status_code == 412
        assert (await http.delete(path, headers={**anna, "If-Match": answer.headers["etag"]})).status_code == 200
        assert (await http.get(path, headers=bruno)).json()["status"] == "withdrawn"


async def test_lists_are_read_by_status(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        await feed_members(settings, runtime, ["anna", "bruno", "carla"])
        await agree(runtime, "fair", [("anna", "bruno"), ("anna", "carla")])
        anna, manager = bearer(issuer, "member", "anna"), bearer(issuer, "manager", districts=["marble"])
        for id, draft in (("planned", True), ("told", False)):
            body = announcement(id=id, draft=draft)
            assert (await http.post("/v1/brokerage-events", json=body, headers=manager)).status_code == 201
        assert (await http.delete(f"{EVENT}/registrations/carla", headers=manager)).is_success
        for step in ("close-registration", "start"):  # only then is anybody checked in
            assert (await http.post(f"{EVENT}/{step}", headers=manager)).is_success
        desk = f"{EVENT}/registrations/bruno/check-in"
        code = (await http.get(desk, headers=manager)).json()["code"]
        assert (await http.post(desk, json={"code": code}, headers=manager)).is_success

        async def listed(name: str, path: str, headers: dict[str, str], **filters: Any) -> list[str]:
            answer = await http.get(path, params=filters, headers=headers)
            assert answer.status_code == 200, answer.text
            return sorted(item[name] for item in answer.json()["items"])

        registrations = f"{EVENT}/registrations"
        assert await listed("member_id", registrations, anna, status="withdrawn") == ["carla"]
        assert await listed("member_id", registrations, anna, status="registered") == ["anna", "bruno"]
        assert await listed("member_id", registrations, manager, checked_in=True) == ["bruno"]
        assert await listed("member_id", registrations, manager, status="registered", checked_in=False) == ["anna"]
        # Who is there is not shown to members, so neither is it told by a filter.
        assert (await http.get(registrations, params={"checked_in": True}, headers=anna)).status_code == 403
        assert (await http.get(registrations, params={"status": "gone"}, headers=anna)).status_code == 422
        first = (await http.get(registrations, params={"status": "registered", "limit": 1}, headers=anna)).json()
        rest = await listed("member_id", registrations, anna, status="registered", limit=1, cursor=first["next"])
        assert sorted([first["items"][0]["member_id"], *rest]) == ["anna", "bruno"]

        events = "/v1/brokerage-events"
        assert await listed("id", events, {}, status="announced") == ["told"]
        assert await listed("id", events, {}, status="running", district="marble") == ["fair"]
        assert await listed("id", events, {}, status="draft") == []
        assert await listed("id", events, manager, status="draft") == ["planned"]


async def test_an_agenda_is_read_again_only_where_it_changed(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        await feed_members(settings, runtime, ["anna", "bruno", "carla"])
        await agree(runtime, "fair", [("anna", "bruno"), ("anna", "carla")])
        await publish(runtime, "fair", {("anna", "bruno"): (1, 1), ("anna", "carla"): (2, 1)})
        manager = bearer(issuer, "manager", districts=["marble"])

        async def read(path: str, tag: str = "") -> httpx2.Response:
            answer = await http.get(f"{EVENT}/agenda{path}", headers={**manager, **({"If-None-Match": tag} if tag else {})})
            assert answer.headers["cache-control"] == "private, no-cache"
            return answer

        seen = {path: (await read(path)).headers["etag"] for path in ("", "/anna", "/carla")}
        assert seen[""] == '"1"'
        for path, tag in seen.items():
            same = await read(path, f'"other", {tag}')
            assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)

        # Called off, it is gone from the agendas of its sides alone; the version that was published stays.
        off = f"/v1/meetings/{meeting_id('fair', 'anna', 'bruno')}/cancel"
        assert (await http.post(off, json={"reason": "ill"}, headers=manager)).is_success
        changed = await read("/anna", seen["/anna"])
        assert (changed.status_code, len(changed.json()["meetings"])) == (200, 1)
        assert changed.headers["etag"] != seen["/anna"]
        assert [(await read(path, seen[path])).status_code for path in ("", "/carla")] == [304, 304]

        # A new version is another for all.
        await publish(runtime, "fair", {("anna", "carla"): (3, 1)}, input="again")
        assert [(await read(path, seen[path])).status_code for path in seen] == [200, 200, 200]
