"""Members over HTTP, on a real MongoDB and a real Kafka."""

import pytest

from shared.chassis.outbox.outbox import OUTBOX
from tests.lib.services import bearer, eventually
from tests.registry.conftest import Registry
from tests.registry.factories import application


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
    assert elsewhere.status_code == 403


async def test_a_member_leaves_and_its_identifiers_are_free(registry: Registry) -> None:
    id = await registry.approved()
    owner = bearer(registry.issuer, "member", id)
    left = await registry.http.post(f"/v1/members/{id}/withdraw", json={"reason": "Chiusura"}, headers=owner)
    assert (left.json()["status"], left.json()["reason"]) == ("withdrawn", "Chiusura")
    assert await registry.apply() != id
