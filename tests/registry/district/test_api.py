"""Districts and the taxonomy over HTTP."""

from shared.contracts.taxonomy import PRIORITIES, TOPICS
from tests.lib.services import bearer
from tests.registry.conftest import Registry
from tests.registry.factories import DISTRICT


async def test_a_district_is_opened_by_an_operator_and_listed_to_everybody(registry: Registry) -> None:
    fashion = DISTRICT | {"id": "fashion"}
    refused = await registry.http.post("/v1/districts", json=fashion, headers=bearer(registry.issuer, "manager"))
    assert (refused.status_code, refused.json()["detail"]) == (403, "Only operators may do this.")
    opened = await registry.http.post("/v1/districts", json=fashion, headers=registry.operator)
    assert (opened.json(), opened.headers["etag"]) == (fashion | {"version": 1}, '"1"')
    repeated = await registry.http.post("/v1/districts", json=fashion, headers=registry.operator)
    assert (repeated.status_code, repeated.json()) == (201, opened.json())
    different = await registry.http.post("/v1/districts", json=fashion | {"theme": fashion["name"]}, headers=registry.operator)
    assert (different.status_code, different.json()["type"]) == (409, "urn:distretti:problem:district-exists")
    assert (await registry.http.get("/v1/districts")).json() == {"items": [fashion, DISTRICT], "next": None}


async def test_the_taxonomy_is_public_and_in_both_languages(registry: Registry) -> None:
    taxonomy = (await registry.http.get("/v1/taxonomy")).json()
    assert {name: set(taxonomy[name]) for name in taxonomy} == {"priorities": set(PRIORITIES), "topics": set(TOPICS)}
    assert all(set(name) == {"it", "en"} for names in taxonomy.values() for name in names.values())
