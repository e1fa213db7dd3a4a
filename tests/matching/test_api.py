"""Matching beside the registry, on a real Kafka and MongoDB, with its ranking process."""

import json
from typing import Any

import httpx2

from distretti.devstack.token_issuer import Issuer
from services.matching.main import SERVICE as MATCHING
from services.registry.main import SERVICE as REGISTRY
from shared.chassis.config import Settings
from tests.lib.services import bearer, eventually, serving
from tests.registry.factories import DISTRICT, application

SENSORS = {"nature": "technology", "title": "Sensori a fibra ottica", "text": "Sensori fotonici per macchine", "topics": []}


async def admitted(http: httpx2.AsyncClient, operator: dict[str, str], number: int, **parts: Any) -> str:
    """Take one member in by the import, with offers and needs."""
    identifiers = [{"scheme": "pic", "value": f"10000000{number}"}]
    body = application(name=f"Esempio {number}", identifiers=identifiers, offers=[], needs=[]) | parts
    answer = await http.post("/v1/members/import", content=httpx2.Request("POST", "http://x", json=body).content, headers=operator)
    result = json.loads(answer.text.splitlines()[0])
    assert result["status"] == "created", result
    return str(result["id"])


async def test_from_offer_and_need_to_an_introduction(settings: Settings, issuer: Issuer) -> None:
    async with serving(REGISTRY, settings) as (_, registry), serving(MATCHING, settings) as (_, matching):
        operator = bearer(issuer, "operator")
        await registry.post("/v1/districts", json=DISTRICT, headers=operator)
        giver = await admitted(registry, operator, 1, offers=[SENSORS])
        seeker = await admitted(registry, operator, 2, needs=[{**SENSORS, "title": "Cerchiamo sensori a fibra ottica"}])
        lab = await admitted(registry, operator, 3, kind="research-organisation", offers=[{**SENSORS, "nature": "research"}])
        bank = await admitted(registry, operator, 4, kind="financial-operator")

        async def ranked() -> bool:
            status = (await matching.get("/v1/ranking", headers=operator)).json()
            return bool(status["members"] == status["lists"] == 4 and status["dirty"] == 0)

        await eventually(ranked, 60)
        own_headers = bearer(issuer, "member", seeker)
        answer = await matching.get(f"/v1/members/{seeker}/suggestions", headers=own_headers | {"Accept-Language": "it"})
        suggestions = answer.json()["suggestions"]
        assert [item["partner"] for item in suggestions["b2b"]] == [giver]
        assert [item["partner"] for item in suggestions["r2b"]] == [lab]
        assert "Sensori a fibra ottica" in suggestions["b2b"][0]["why"]
        assert round(sum(suggestions["b2b"][0]["contributions"].values()), 6) == suggestions["b2b"][0]["score"]
        assert (await matching.get(f"/v1/members/{seeker}/suggestions", headers=bearer(issuer, "member", giver))).status_code == 403

        interest = {"mode": "b2b", "by": seeker, "towards": giver}
        first = (await matching.post("/v1/interests", json=interest, headers=own_headers)).json()
        assert first["introduced"] is False
        assert first["stands"][seeker]["evidence"]["score"] == suggestions["b2b"][0]["score"]
        taken_back = await matching.post("/v1/withdrawals", json=interest, headers=own_headers)
        assert (taken_back.status_code, taken_back.json()["stands"]) == (200, {})
        repeated = await matching.post("/v1/withdrawals", json=interest, headers=own_headers)
        assert (repeated.status_code, repeated.json()["type"]) == (409, "urn:distretti:problem:nothing-said")
        assert (await matching.post("/v1/withdrawals", json=interest, headers=bearer(issuer, "member", giver))).status_code == 403
        assert (await matching.post("/v1/interests", json=interest, headers=own_headers)).json()["introduced"] is False
        back = {"mode": "b2b", "by": giver, "towards": seeker}
        second = await matching.post("/v1/interests", json=back, headers=bearer(issuer, "member", giver))
        assert second.json()["introduced"] is True
        wrong = await matching.post("/v1/interests", json={**interest, "towards": bank}, headers=own_headers)
        assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "mode")
        listed = (await matching.get(f"/v1/members/{seeker}/introductions", headers=own_headers)).json()["items"]
        assert [item["id"] for item in listed] == [first["id"]]
        of_nobody = await matching.get("/v1/members/nobody/introductions", headers=bearer(issuer, "operator"))
        assert (of_nobody.status_code, of_nobody.json()["type"]) == (404, "urn:distretti:problem:member-unknown")
        hidden = await matching.get(f"/v1/introductions/{first['id']}", headers=bearer(issuer, "member", lab))
        assert hidden.status_code == 404
