"""Search for suppliers over HTTP, with the search engine's process."""

from typing import Any

import psutil
import pytest

from distretti.devstack.token_issuer import Issuer
from shared.chassis.config import Settings
from tests.lib.services import bearer, eventually, serving
from tests.matching.factories import put_member
from tests.matching.search.client import SEARCH_ENGINE, answered

OFFER = {"nature": "technology", "title": "Laser cutting of marble slabs", "text": "", "language": "en", "visibility": "network"}
NEED = {"nature": "technology", "title": "Taglio di lastre di marmo con il laser", "text": "", "language": "it"}
REQUEST = {"text": "Cerchiamo chi tagli lastre di marmo con il laser", "language": "it"}


async def test_a_free_text_finds_who_offers_it_and_nothing_hidden(settings: Settings, issuer: Issuer) -> None:
    async with serving(SEARCH_ENGINE, settings) as (runtime, http):
        mongo, operator = runtime.mongo, bearer(issuer, "operator")
        await put_member(mongo, "anna", needs={"n": NEED})
        await put_member(mongo, "bruno", offers={"o": OFFER})
        await put_member(mongo, "carla", offers={"o": {**OFFER, "visibility": "district"}})
        await put_member(mongo, "dora", offers={"o": OFFER}, status="applied")
        await put_member(mongo, "emma", offers={"o": {**OFFER, "title": "Woollen yarn on fine looms"}})

        body = await answered(http, REQUEST, operator | {"Accept-Language": "it"}, {"bruno"})
        [supplier] = body["answers"]
        assert (supplier["name"], supplier["best"], supplier["modes"]) == ("Firm bruno", OFFER["title"], [])
        assert "«Laser cutting of marble slabs»" in supplier["why"]
        assert supplier["score"] == pytest.approx(sum(supplier["contributions"].values()), abs=1e-5)
        assert body["rule"].startswith("partners-")
        assert body["member"] is None

        own_headers = bearer(issuer, "member", "anna")
        response = await http.post("/v1/answers", json=REQUEST, headers=own_headers)
        assert [(supplier["partner"], supplier["modes"]) for supplier in response.json()["answers"]] == [("bruno", ["b2b"])]
        assert "“Laser cutting of marble slabs”" in response.json()["answers"][0]["why"]
        of_need = await http.get("/v1/members/anna/needs/n/suggestions", headers=own_headers)
        assert [supplier["partner"] for supplier in of_need.json()["answers"]] == ["bruno"]
        assert (await http.post("/v1/answers", json={**REQUEST, "member": "bruno"}, headers=own_headers)).status_code == 403
        assert (await http.get("/v1/members/anna/needs/x/suggestions", headers=own_headers)).status_code == 404
        assert (await http.get("/v1/members/anna/needs/n/suggestions", headers=bearer(issuer, "member", "emma"))).status_code == 403
        await put_member(mongo, "fabio", status="withdrawn")
        outsiders = [("partner", None), ("member", None), ("member", "fabio"), ("member", "never-existed"), ("manager", "anna")]
        for role, member in outsiders:
            answer = await http.post("/v1/answers", json=REQUEST, headers=bearer(issuer, role, member))
            assert answer.status_code == 403, (role, member)

        # Members change, and the results follow without any other request.
        await mongo["members"].update_one({"_id": "dora"}, {"$set": {"status": "approved"}})
        await mongo["members"].update_one({"_id": "bruno"}, {"$set": {"offers": {}}})
        await answered(http, REQUEST, operator, {"dora"})

        # A declined member is no result, until the decline is withdrawn.
        decline = {"mode": "b2b", "by": "anna", "towards": "dora"}
        response = await http.post("/v1/declines", json={**decline, "reason": "We know them."}, headers=own_headers)
        assert response.status_code == 201
        await answered(http, REQUEST, own_headers, set())
        assert (await http.post("/v1/withdrawals", json=decline, headers=own_headers)).status_code == 200
        await answered(http, REQUEST, own_headers, {"dora"})


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({}, "", "text"),
    ({"text": "   ", "language": "it"}, "", "text"),
    ({"text": "x" * 10_001}, "", "text"),
    ({"text": "laser", "language": "de"}, "", "language"),
    ({"text": "laser", "member": "../x"}, "", "member"),
    ({"text": "laser", "size": 3}, "", "size"),
    ({"text": "laser"}, "?limit=51", "limit"),
]


async def test_invalid_requests_are_refused_by_field(settings: Settings, issuer: Issuer) -> None:
    async with serving(SEARCH_ENGINE, settings) as (_, http):
        for body, query, field in BAD:
            answer = await http.post(f"/v1/answers{query}", json=body, headers=bearer(issuer, "operator"))
            assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_a_killed_process_is_restarted_and_ends_with_its_service(settings: Settings, issuer: Issuer) -> None:
    def children() -> list[psutil.Process]:
        alive = [process for process in psutil.Process().children() if process.status() != psutil.STATUS_ZOMBIE]
        return [process for process in alive if "services.matching.search.engine" in process.cmdline()]

    async with serving(SEARCH_ENGINE, settings) as (runtime, http):
        await put_member(runtime.mongo, "bruno", offers={"o": OFFER})
        operator = bearer(issuer, "operator")
        early = await http.post("/v1/answers", json=REQUEST, headers=operator)
        assert (early.status_code, early.headers["retry-after"]) == (503, "2")
        assert early.json()["type"] == "urn:distretti:problem:answers-unavailable"
        await answered(http, REQUEST, operator, {"bruno"})
        [child] = children()
        child.kill()

        async def restarted() -> bool:
            return any(process.pid != child.pid for process in children())

        await eventually(restarted, 30)
        await answered(http, REQUEST, operator, {"bruno"})
    assert children() == []
