"""Contacts over HTTP: personal data, for the member itself and operators."""

from tests.lib.services import bearer
from tests.registry.conftest import Registry


async def test_a_contact_is_recorded_and_read_by_the_member_itself_and_operators(registry: Registry) -> None:
    id = await registry.apply()
    path, owner = f"/v1/members/{id}/contact", bearer(registry.issuer, "member", id)
    assert (await registry.http.get(path, headers=owner)).json()["type"] == "urn:distretti:problem:contact-unknown"
    contact = {"name": "Rita", "email": "rita@x.example", "language": "en"}
    recorded = await registry.http.put(path, json=contact, headers=owner)
    assert recorded.json() == {"id": id, "version": 1, "member_id": id, **contact}
    read = await registry.http.get(path, headers=registry.operator)
    assert (read.json(), read.headers["etag"]) == ({"member_id": id, **contact}, '"1"')
    assert (read.headers["cache-control"], read.headers["x-content-type-options"]) == ("no-store", "nosniff")
    manager = bearer(registry.issuer, "manager", districts=["marble"])
    assert (await registry.http.get(path, headers=manager)).status_code == 403


async def test_no_contact_is_recorded_of_who_has_left_or_was_refused(registry: Registry) -> None:
    contact = {"name": "Rita", "email": "rita@x.example", "language": "it"}
    for ending in ("withdraw", "refuse"):
        id = await registry.apply()
        assert (
            await registry.http.post(f"/v1/members/{id}/{ending}", json={"reason": "x"}, headers=registry.operator)
        ).status_code == 200
        answer = await registry.http.put(f"/v1/members/{id}/contact", json=contact, headers=bearer(registry.issuer, "member", id))
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:distretti:problem:member-status")


async def test_there_is_no_contact_of_an_unknown_member(registry: Registry) -> None:
    contact = {"name": "Rita", "email": "rita@x.example", "language": "it"}
    answer = await registry.http.put("/v1/members/nobody/contact", json=contact, headers=registry.operator)
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:distretti:problem:member-unknown")
