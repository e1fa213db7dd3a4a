"""The registry over HTTP, on a real MongoDB and a real Kafka."""

import json

import httpx2
import pytest

from distretti.devstack.token_issuer import Issuer
from services.registry.main import SERVICE
from shared.chassis.config import Settings
from shared.chassis.outbox.outbox import OUTBOX
from tests.lib.services import bearer, eventually, serving

DISTRICT = {"id": "marble", "name": {"it": "Marmo", "en": "Marble"}, "theme": {"it": "Pietre", "en": "Stones"}}


def application(**changes: object) -> dict[str, object]:
    return {
        "name": "Esempio Marmi s.r.l.",
        "kind": "sme",
        "identifiers": [{"scheme": "vat", "value": "IT00743110157"}],
        "districts": ["marble"],
        "place": {"country": "IT", "nuts3": "ITI11", "city": "Carrara"},
        "profile": {"summary": "Taglio di precisione", "language": "it", "topics": []},
        **changes,
    }


async def test_an_application_becomes_a_member_and_is_told_on_kafka(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (runtime, http):
        operator = bearer(issuer, "operator")
        assert (await http.post("/v1/districts", json=DISTRICT, headers=operator)).status_code == 201
        answer = await http.post("/v1/members", json=application(), headers=bearer(issuer, "member") | {"Idempotency-Key": "k1"})
        assert answer.status_code == 201, answer.text
        member = answer.json()
        assert (member["status"], answer.headers["etag"]) == ("applied", '"1"')

        again = await http.post("/v1/members", json=application(), headers=bearer(issuer, "member") | {"Idempotency-Key": "k1"})
        assert again.json() == member
        assert again.headers["idempotency-replayed"] == "true"
        other = await http.post(
            "/v1/members", json=application(name="Altro"), headers=bearer(issuer, "member") | {"Idempotency-Key": "k1"}
        )
        assert (other.status_code, other.json()["type"]) == (422, "urn:distretti:problem:idempotency-key-reused")

        twice = await http.post("/v1/members", json=application(), headers=bearer(issuer, "member"))
        assert twice.status_code == 409
        assert member["id"] in twice.json()["detail"]

        path = f"/v1/members/{member['id']}"
        stale = await http.post(f"{path}/approve", headers=operator | {"If-Match": '"7"'})
        assert stale.status_code == 412
        assert (await http.post(f"{path}/approve", headers=operator | {"If-Match": '"1"'})).status_code == 200
        offer = {"nature": "product", "title": "Lastre", "visibility": "district"}
        owner = bearer(issuer, "member", member["id"])
        assert (await http.post(f"{path}/offers", json=offer, headers=owner)).status_code == 201
        assert len((await http.get(path, headers=owner)).json()["offers"]) == 1
        for_members = {"nature": "product", "title": "Blocchi", "visibility": "network"}
        assert (await http.post(f"{path}/offers", json=for_members, headers=owner)).status_code == 201
        stranger, partner = bearer(issuer, "member", "another", ["fashion"]), bearer(issuer, "partner")
        seen = [(await http.get(path, headers=reader)).json()["offers"].values() for reader in (stranger, partner)]
        assert [[offer["title"] for offer in offers] for offers in seen] == [["Blocchi"], []]

        async def all_sent() -> bool:
            return await runtime.mongo[OUTBOX].count_documents({"status": "sent"}) == 5

        await eventually(all_sent)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"identifiers": [{"scheme": "vat", "value": "IT00743110158"}]}, "identifiers.0.value"),
        ({"districts": ["atlantis"]}, "districts.0"),
        ({"profile": {"topics": ["alchemy/gold"]}}, "profile.topics.0"),
        ({"kind": "guild"}, "kind"),
        ({"name": "x" * 301}, "name"),
        ({"colour": "white"}, "colour"),
        ({"identifiers": []}, "identifiers"),
    ],
)
async def test_bad_fields_are_named(
    change: dict[str, object], field: str, bad_input: tuple[httpx2.AsyncClient, dict[str, str]]
) -> None:
    http, headers = bad_input
    answer = await http.post("/v1/members", json=application(**change), headers=headers)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.fixture
async def bad_input(settings: Settings, issuer: Issuer):  # type: ignore[no-untyped-def]
    async with serving(SERVICE, settings) as (_, http):
        await http.post("/v1/districts", json=DISTRICT, headers=bearer(issuer, "operator"))
        yield http, bearer(issuer, "member")


async def test_an_import_goes_on_past_bad_lines(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (_, http):
        await http.post("/v1/districts", json=DISTRICT, headers=bearer(issuer, "operator"))
        good = application(
            offers=[{"nature": "product", "title": "Lastre"}], needs=[], contact={"name": "R", "email": "r@x.example"}
        )
        lines = [json.dumps(good), "{not json", json.dumps(application(kind="guild")), json.dumps(good), "", "x" * 1_000_001]
        answer = await http.post("/v1/members/import", content="\n".join(lines), headers=bearer(issuer, "operator"))
        results = [json.loads(line) for line in answer.text.splitlines()]
        assert [result["line"] for result in results] == [1, 2, 3, 4, 6]
        assert [results[number]["status"] for number in (1, 2, 4)] == ["invalid"] * 3
        assert {results[0]["status"], results[3]["status"]} == {"created", "exists"}
        assert results[0]["id"] == results[3]["id"]
        assert results[2]["errors"][0]["field"] == "kind"
        assert results[4]["errors"][0]["rule"] == "too_long"


async def test_who_imports_writes_to_nobody_elses_members(settings: Settings, issuer: Issuer) -> None:
    async with serving(SERVICE, settings) as (_, http):
        operator = bearer(issuer, "operator")
        for id in ("marble", "fashion"):
            await http.post("/v1/districts", json=DISTRICT | {"id": id}, headers=operator)
        member = (await http.post("/v1/members", json=application(), headers=bearer(issuer, "member"))).json()["id"]

        async def contact_after(district: str, email: str) -> object:
            line = json.dumps(application(districts=[district], contact={"name": "R", "email": email}))
            manager = bearer(issuer, "manager", districts=[district])
            told = (await http.post("/v1/members/import", content=line, headers=manager)).json()
            assert (told["status"], told["id"]) == ("exists", member)
            return (await http.get(f"/v1/members/{member}/contact", headers=operator)).json().get("email")

        assert await contact_after("fashion", "stranger@x.example") is None
        assert await contact_after("marble", "manager@x.example") == "manager@x.example"
        assert await contact_after("marble", "later@x.example") == "manager@x.example"
