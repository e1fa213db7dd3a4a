"""Members over HTTP, on a real MongoDB and a real Kafka."""

import json

import jwt
import pytest

from distretti.devstack.token_issuer import AUDIENCE, ISSUER
from shared.chassis.outbox.outbox import OUTBOX
from tests.lib.services import bearer, eventually
from tests.registry.conftest import Registry
from tests.registry.factories import DISTRICT, PROFILE, application


async def test_an_application_becomes_a_member_and_is_published_on_kafka(registry: Registry) -> None:
    http, operator, applicant = registry.http, registry.operator, bearer(registry.issuer, "member")
    answer = await http.post("/v1/members", json=application(), headers=applicant | {"Idempotency-Key": "k1"})
    assert answer.status_code == 201, answer.text
    member = answer.json()
    assert (member["status"], answer.headers["etag"]) == ("applied", '"1"')
    assert member == application() | {
        "id": member["id"],
        "version": 1,
        "profile": {"summary": "Taglio di precisione", "language": "it", "topics": [], "website": None, "ateco": []},
        "status": "applied",
        "reason": None,
        "offers": {},
        "needs": {},
    }

    repeated = await http.post("/v1/members", json=application(), headers=applicant | {"Idempotency-Key": "k1"})
    assert repeated.json() == member
    assert repeated.headers["idempotency-replayed"] == "true"
    reused = await http.post("/v1/members", json=application(name="Altro"), headers=applicant | {"Idempotency-Key": "k1"})
    assert (reused.status_code, reused.json()["type"]) == (422, "urn:distretti:problem:idempotency-key-reused")

    twice = await http.post("/v1/members", json=application(), headers=applicant)
    assert twice.status_code == 409
    assert member["id"] in twice.json()["detail"]

    path = f"/v1/members/{member['id']}"
    stale = await http.post(f"{path}/approve", headers=operator | {"If-Match": '"7"'})
    assert stale.status_code == 412
    assert (await http.post(f"{path}/approve", headers=operator | {"If-Match": '"1"'})).status_code == 200

    async def all_sent() -> bool:
        return await registry.runtime.mongo[OUTBOX].count_documents({"status": "sent"}) == 3

    await eventually(all_sent)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"identifiers": [{"scheme": "vat", "value": "IT00743110158"}]}, "identifiers.0.value"),
        ({"districts": ["atlantis"]}, "districts.0"),
        ({"profile": {"topics": ["alchemy/gold"]}}, "profile.topics.0"),
        ({"kind": "guild"}, "kind"),
        ({"profile": {"website": "javascript:alert(1)"}}, "profile.website"),
        ({"name": "x" * 301}, "name"),
        ({"colour": "white"}, "colour"),
        ({"identifiers": []}, "identifiers"),
    ],
)
async def test_bad_fields_are_named(change: dict[str, object], field: str, registry: Registry) -> None:
    answer = await registry.http.post("/v1/members", json=application(**change), headers=bearer(registry.issuer, "member"))
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_applications_are_listed_to_managers_of_the_district_only(registry: Registry) -> None:
    id = await registry.apply()
    path = "/v1/members?status=applied&district=marble&kind=sme"
    answers = {
        role: await registry.http.get(path, headers=bearer(registry.issuer, role, districts=[district]))
        for role, district in (("member", "marble"), ("manager", "marble"))
    }
    assert answers["member"].status_code == 403
    assert [member["id"] for member in answers["manager"].json()["items"]] == [id]
    elsewhere = await registry.http.get(f"/v1/members/{id}", headers=bearer(registry.issuer, "manager", districts=["fashion"]))
    assert (elsewhere.status_code, elsewhere.json()["type"]) == (404, "urn:distretti:problem:member-unknown")


async def test_a_district_that_can_be_none_is_refused_as_a_filter(registry: Registry) -> None:
    for district in ("", "%20", "%00", "a" * 201):
        answer = await registry.http.get(f"/v1/members?district={district}", headers=registry.operator)
        assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, ["district"])
    longest = await registry.http.get(f"/v1/members?district={'a' * 200}", headers=registry.operator)
    assert longest.json() == {"items": [], "next": None}


async def test_a_member_leaves_and_its_identifiers_are_free(registry: Registry) -> None:
    id = await registry.approved()
    owner = bearer(registry.issuer, "member", id)
    left = await registry.http.post(f"/v1/members/{id}/withdraw", json={"reason": "Chiusura"}, headers=owner)
    assert (left.json()["status"], left.json()["reason"]) == ("withdrawn", "Chiusura")
    assert await registry.apply() != id


async def test_an_application_reserves_nothing_and_is_told_nobody_else(registry: Registry) -> None:
    squatter, owner, late = (bearer(registry.issuer, role) for role in ("partner", "member", "auditor"))
    first = (await registry.http.post("/v1/members", json=application(), headers=squatter)).json()["id"]
    second = (await registry.http.post("/v1/members", json=application(), headers=owner)).json()["id"]
    assert (await registry.http.post(f"/v1/members/{second}/approve", headers=registry.operator)).status_code == 200
    approval = await registry.http.post(f"/v1/members/{first}/approve", headers=registry.operator)
    application_of_late = await registry.http.post("/v1/members", json=application(), headers=late)
    for answer in (approval, application_of_late):
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:distretti:problem:claimed")
        assert second in answer.json()["detail"]
    assert (await registry.http.get(f"/v1/members/{first}", headers=owner)).status_code == 404


async def test_an_applicant_follows_its_application_and_takes_it_back(registry: Registry) -> None:
    applicant, outsider = bearer(registry.issuer, "partner"), bearer(registry.issuer, "auditor")
    id = (await registry.http.post("/v1/members", json=application(), headers=applicant)).json()["id"]
    path, contact = f"/v1/members/{id}", {"name": "Rita", "email": "rita@x.example", "language": "it"}
    assert (await registry.http.get(path, headers=applicant)).json()["status"] == "applied"
    assert (await registry.http.put(f"{path}/profile", json=PROFILE | {"summary": "Lastre"}, headers=applicant)).status_code == 200
    assert (await registry.http.put(f"{path}/contact", json=contact, headers=applicant)).status_code == 200
    assert (await registry.http.post(f"{path}/withdraw", json={"reason": "x"}, headers=outsider)).status_code == 404
    withdrawn = await registry.http.post(f"{path}/withdraw", json={"reason": "Errore"}, headers=applicant)
    assert (withdrawn.json()["status"], withdrawn.json()["reason"]) == ("withdrawn", "Errore")
    assert (await registry.http.get(path, headers=applicant)).json()["status"] == "withdrawn"
    assert (await registry.http.get(f"{path}/contact", headers=applicant)).status_code == 403
    assert (await registry.http.post("/v1/members", json=application(), headers=applicant)).status_code == 201


async def test_an_applicant_acts_for_no_member_once_it_is_one(registry: Registry) -> None:
    applicant = bearer(registry.issuer, "partner") | {"Idempotency-Key": "apply"}
    id = (await registry.http.post("/v1/members", json=application(), headers=applicant)).json()["id"]
    await registry.http.post(f"/v1/members/{id}/approve", headers=registry.operator)
    refused = await registry.http.post(
        f"/v1/members/{id}/withdraw", json={"reason": "x"}, headers=bearer(registry.issuer, "partner")
    )
    assert refused.status_code == 403

    offer = {"nature": "product", "title": "Lastre", "visibility": "district"}
    owner = bearer(registry.issuer, "member", id)
    assert (await registry.http.post(f"/v1/members/{id}/offers", json=offer, headers=owner)).status_code == 201
    repeated = await registry.http.post("/v1/members", json=application(), headers=applicant)
    seen = repeated.json()
    assert (repeated.status_code, seen["id"], seen["status"], seen["offers"], seen["version"]) == (201, id, "approved", {}, None)
    assert "etag" not in repeated.headers, "a version counts what is hidden, too"


async def test_a_manager_admits_into_no_district_of_others(registry: Registry) -> None:
    await registry.http.post("/v1/districts", json=DISTRICT | {"id": "fashion"}, headers=registry.operator)
    of_marble, of_both = (bearer(registry.issuer, "manager", districts=ids) for ids in (["marble"], ["marble", "fashion"]))
    id = await registry.apply(districts=["marble", "fashion"])
    for command, body in (("approve", None), ("refuse", {"reason": "x"})):
        refused = await registry.http.post(f"/v1/members/{id}/{command}", json=body, headers=of_marble)
        assert (refused.status_code, "fashion" in refused.json()["detail"]) == (403, True)
    line = json.dumps(application(districts=["fashion", "marble"]))
    answer = await registry.http.post("/v1/members/import", content=line, headers=of_marble)
    imported = json.loads(answer.text.splitlines()[0])
    assert (imported["status"], imported["errors"][0]["rule"]) == ("invalid", "not-allowed")
    assert (await registry.http.post(f"/v1/members/{id}/approve", headers=of_both)).status_code == 200


async def test_belonging_to_a_district_manages_it_not(registry: Registry) -> None:
    id = await registry.apply()
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "m", "exp": 4_000_000_000, "roles": ["manager"], "districts": ["marble"]}
    token = jwt.encode(claims, registry.issuer.key, algorithm="ES256", headers={"kid": registry.issuer.kid})
    refused = await registry.http.post(f"/v1/members/{id}/approve", headers={"Authorization": f"Bearer {token}"})
    assert refused.status_code == 404


async def test_a_replacement_has_every_field_and_a_command_without_a_body_has_none(registry: Registry) -> None:
    id = await registry.apply()
    path, owner = f"/v1/members/{id}", registry.operator
    emptied = await registry.http.put(f"{path}/profile", json={}, headers=owner)
    assert emptied.status_code == 422
    assert [error["field"] for error in emptied.json()["errors"]] == ["summary", "language", "topics", "website", "ateco"]
    contact = await registry.http.put(f"{path}/contact", json={"name": "R", "email": "r@x.example"}, headers=owner)
    assert [error["field"] for error in contact.json()["errors"]] == ["language"]
    dropped = await registry.http.post(f"{path}/approve", json={"reason": "why"}, headers=owner)
    assert (dropped.status_code, dropped.json()["type"]) == (422, "urn:distretti:problem:body-unexpected")
    assert (await registry.http.post(f"{path}/approve", headers=owner)).status_code == 200
    coerced = await registry.http.post(f"{path}/offers", json={"nature": "product", "title": "A", "trl": "5"}, headers=owner)
    assert [error["field"] for error in coerced.json()["errors"]] == ["trl"]
