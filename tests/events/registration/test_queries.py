"""Lists of registrations and of events, by what is so of their items."""

from typing import Any

from distretti.devstack.token_issuer import Issuer
from services.events.main import SERVICE
from shared.chassis.config import Settings
from tests.events.factories import agree, announcement, draft_by_id, feed_members
from tests.lib.services import bearer, serving

EVENT = "/v1/brokerage-events/fair"


async def test_lists_are_read_by_status(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        await feed_members(settings, runtime, ["anna", "bruno", "carla"])
        await agree(runtime, "fair", [("anna", "bruno"), ("anna", "carla")])
        anna, manager = bearer(issuer, "member", "anna"), bearer(issuer, "manager", districts=["marble"])
        await draft_by_id(runtime, "planned", announcement())
        assert (await http.post("/v1/brokerage-events", json=announcement(id="told"), headers=manager)).status_code == 201
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
