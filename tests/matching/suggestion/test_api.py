"""A member's suggestions over HTTP: pages, and tags of what is said."""

from typing import Any

from tests.matching.factories import put_list, suggestion
from tests.matching.suggestion.conftest import World


async def test_who_has_left_is_no_longer_shown(world: World) -> None:
    await world.mongo["members"].update_one({"_id": "bruno"}, {"$set": {"status": "withdrawn"}})
    assert (await world.partners("mode=b2b")) == {"b2b": ["carla", "dora"]}


async def test_pages_follow_each_other_and_end_when_the_list_is_another_one(world: World) -> None:
    first = (await world.get("limit=2")).json()
    assert [item["partner"] for item in first["suggestions"]["b2b"]] == ["bruno", "carla"]
    second = (await world.get(f"limit=2&cursor={first['next']}")).json()
    assert [item["partner"] for item in second["suggestions"]["b2b"]] == ["dora"]
    assert second["suggestions"]["r2b"] == []
    assert second["next"] is None
    await put_list(world.mongo, "anna", b2b=[suggestion("dora", 0.9)])
    outdated = await world.get(f"limit=2&cursor={first['next']}")
    assert (outdated.status_code, outdated.json()["errors"][0]["field"]) == (409, "cursor")


async def test_the_tag_names_what_is_said_and_not_when_it_was_computed(world: World) -> None:
    first = await world.get()
    tag = first.headers["etag"]
    assert (await world.get(**{"If-None-Match": f'"other", {tag}'})).status_code == 304
    assert (await world.get(**{"If-None-Match": tag, "Accept-Language": "it"})).status_code == 200
    assert (await world.get("mode=b2b", **{"If-None-Match": tag})).status_code == 200
    lists: dict[str, list[dict[str, Any]]] = (await world.mongo["shortlists"].find_one({"_id": "anna"}) or {})["lists"]
    await put_list(world.mongo, "anna", **lists)
    assert (await world.get(**{"If-None-Match": tag})).status_code == 304
    await put_list(world.mongo, "anna", b2b=lists["b2b"][:1])
    assert (await world.get(**{"If-None-Match": tag})).headers["etag"] != tag
