"""An event's life over HTTP: a draft edited and announced, quotas that are never overbooked, a waiting list that is promoted."""

from typing import Any

import httpx2

from distretti.devstack.token_issuer import Issuer
from services.events.main import SERVICE
from services.events.projections import DISTRICTS
from shared.chassis.config import Settings
from shared.chassis.runtime.runtime import Runtime
from shared.contracts import topics
from shared.contracts.base import LocalizedText
from shared.contracts.events import Table
from shared.contracts.registry import DistrictOpened
from tests.events.factories import announced, announcement, draft_by_id, feed_members
from tests.lib.publish_event import feed
from tests.lib.services import bearer, eventually, serving

EVENT = "/v1/brokerage-events/fair"


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

        drafted = (await post("/v1/brokerage-events", announcement(draft=True))).json()
        assert (drafted["status"], len(drafted["id"])) == ("draft", 36)
        chosen = await post("/v1/brokerage-events", announcement(id="fair", draft=True))
        assert [error["field"] for error in chosen.json()["errors"]] == ["id"]
        await draft_by_id(runtime, "fair", announcement())

        # Another district's manager neither takes it over nor speaks for this one.
        woodman = bearer(issuer, "manager", districts=["wood"])
        await another_district(settings, runtime)
        key = {"Idempotency-Key": "draft"}
        joint = await http.post(
            "/v1/brokerage-events", json=announcement(districts=["marble", "wood"], draft=True), headers=manager | key
        )
        repeat = joint.request.content
        path = f"/v1/brokerage-events/{joint.json()['id']}/draft"
        assert (await http.put(path, json=announcement(districts=["wood"]), headers=woodman)).is_success
        repeated = await http.post(
            "/v1/brokerage-events", content=repeat, headers=manager | key | {"Content-Type": "application/json"}
        )
        assert repeated.json()["type"] == "urn:distretti:problem:event-unknown", "a draft is its managers', whoever made it"
        for headers, body, code in (
            (manager, announcement(id="both", districts=["marble", "wood"]), "not-allowed"),
            (woodman, announcement(id="both", districts=["marble", "wood"]), "not-allowed"),
        ):
            refused = await http.post("/v1/brokerage-events", json=body, headers=headers)
            assert refused.json()["type"] == f"urn:distretti:problem:{code}"
        await draft_by_id(runtime, "joint", announcement(districts=["marble", "wood"]))
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
        tables = (Table(number=1, kind="fixed", member_id="anna"), Table(number=2, kind="virtual"))
        edited = announced(format="hybrid", languages=("it", "en"), special_tables=tables).model_dump(mode="json")
        assert (await http.put(f"{EVENT}/draft", json=edited, headers=anna)).status_code == 403
        nobodys = {
            **edited,
            "special_tables": [{**edited["special_tables"][0], "member_id": "nobody"}, edited["special_tables"][1]],
        }
        for method, path in (("PUT", f"{EVENT}/draft"), ("POST", "/v1/brokerage-events")):
            errors = (await http.request(method, path, json=nobodys, headers=manager)).json()["errors"]
            assert [error["field"] for error in errors] == ["special_tables.0.member_id"]
        partial = {name: value for name, value in edited.items() if name not in ("places", "requests_until")}
        incomplete = await http.put(f"{EVENT}/draft", json=partial, headers=manager)
        assert [error["field"] for error in incomplete.json()["errors"]] == ["places", "requests_until"]
        assert (await http.put(f"{EVENT}/draft", json=edited, headers=manager)).json()["version"] == 2
        assert (await post(f"{EVENT}/announce")).json()["status"] == "announced"
        assert (await http.put(f"{EVENT}/draft", json=edited, headers=manager)).status_code == 409
        event = (await http.get(EVENT)).json()
        assert (event["phase"], event["format"], event["special_tables"][1]["kind"]) == ("announced", "hybrid", "virtual")
        assert (await post(f"{EVENT}/open")).json()["status"] == "registration-open"
        assert (await post(f"{EVENT}/start")).json()["status"] == "running"
        assert (await post(f"{EVENT}/open")).json()["type"] == "urn:distretti:problem:event-running"
