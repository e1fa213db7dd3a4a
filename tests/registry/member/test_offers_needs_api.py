"""Offers and needs over HTTP."""

from tests.lib.services import bearer
from tests.registry.conftest import Registry
from tests.registry.factories import DISTRICT

SLABS = {"nature": "product", "title": "Lastre", "visibility": "district"}
BLOCKS = {"nature": "product", "title": "Blocchi", "visibility": "network"}
ROUND = {"nature": "capital", "title": "Round", "round": {"stage": "seed", "amount": 500_000}, "visibility": "public"}


async def test_readers_see_the_offers_that_are_visible_to_them(registry: Registry) -> None:
    id = await registry.approved()
    path, owner = f"/v1/members/{id}", bearer(registry.issuer, "member", id)
    for offer in (SLABS, BLOCKS):
        assert (await registry.http.post(f"{path}/offers", json=offer, headers=owner)).status_code == 201
    await registry.http.post("/v1/districts", json=DISTRICT | {"id": "fashion"}, headers=registry.operator)
    member_elsewhere = await registry.approved(districts=["fashion"], identifiers=[{"scheme": "pic", "value": "123456789"}])
    readers = [
        bearer(registry.issuer, "member", id),
        bearer(registry.issuer, "member", member_elsewhere),
        bearer(registry.issuer, "member", "never-existed"),
        bearer(registry.issuer, "partner"),
    ]
    answers = [await registry.http.get(path, headers=reader) for reader in readers]
    seen = [answer.json()["offers"].values() for answer in answers]
    assert [[offer["title"] for offer in offers] for offers in seen] == [["Lastre", "Blocchi"], ["Blocchi"], [], []]
    versions = [(answer.json()["version"], answer.headers.get("etag")) for answer in answers]
    assert versions == [(4, '"4"'), (None, None), (None, None), (None, None)], "a version counts what is hidden, too"
    listed = (await registry.http.get("/v1/members", headers=readers[1])).json()["items"]
    assert {member["id"]: member["version"] for member in listed} == {id: None, member_elsewhere: 2}


async def test_an_offer_and_a_need_are_published_and_withdrawn_by_the_member(registry: Registry) -> None:
    id = await registry.approved()
    path, owner = f"/v1/members/{id}", bearer(registry.issuer, "member", id)
    refused = await registry.http.post(f"{path}/needs", json=ROUND, headers=bearer(registry.issuer, "member", "another"))
    assert (refused.status_code, refused.json()["detail"]) == (403, "Only the member itself may do this.")
    unknown = await registry.http.post(f"{path}/offers", json=SLABS | {"topics": ["alchemy/gold"]}, headers=owner)
    assert [error["field"] for error in unknown.json()["errors"]] == ["topics.0"]

    [need] = (await registry.http.post(f"{path}/needs", json=ROUND, headers=owner)).json()["needs"].items()
    assert need[1]["round"] == ROUND["round"]
    [offer] = (await registry.http.post(f"{path}/offers", json=SLABS, headers=owner)).json()["offers"]
    assert (await registry.http.delete(f"{path}/needs/{need[0]}", headers=owner)).json()["needs"] == {}
    assert (await registry.http.delete(f"{path}/offers/{offer}", headers=owner)).json()["offers"] == {}
    missing = await registry.http.delete(f"{path}/offers/{offer}", headers=owner | {"Accept-Language": "it"})
    assert (missing.status_code, missing.json()["detail"]) == (404, f"Il membro non ha offerte o esigenze con id {offer}.")
