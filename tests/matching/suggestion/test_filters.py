"""The filter of a list of suggestions, and what is allowed where it is wrong."""

from tests.matching.suggestion.conftest import LASER, ROBOTS, World


async def test_what_is_asked_for_is_shown(world: World) -> None:
    assert await world.partners() == {"b2b": ["bruno", "carla", "dora"], "r2b": ["lab"]}
    assert await world.partners("mode=r2b") == {"r2b": ["lab"]}
    assert await world.partners("min_score=0.4&mode=b2b") == {"b2b": ["bruno", "carla"]}
    assert await world.partners("district=fashion") == {"b2b": ["bruno", "dora"], "r2b": []}
    assert await world.partners(f"topic={LASER}") == {"b2b": ["bruno"], "r2b": ["lab"]}
    assert await world.partners("topic=ict-photonics&mode=b2b") == {"b2b": ["bruno"]}


async def test_a_topic_that_only_others_may_see_finds_nobody(world: World) -> None:
    # Both have an offer on robots for their district alone: Carla is of Anna's, Dora is not.
    assert await world.partners(f"topic={ROBOTS}") == {"b2b": ["carla"], "r2b": []}


WRONG = [
    ("mode=c2c", "mode", "b2b"),
    ("topic=astrology", "topic", "smart-factory"),
    ("district=atlantis", "district", "fashion, marble"),
    ("min_score=2", "min_score", "at most 1"),
    ("min_score=nan", "min_score", ""),
    ("limit=0", "limit", "at least 1"),
    ("cursor=x", "cursor", "next"),
    ("wait=3600", "wait", "at most 55"),
]


async def test_bad_values_are_told_by_field_with_what_is_allowed(world: World) -> None:
    for query, field, allowed in WRONG:
        answer = await world.get(query)
        assert answer.status_code == 422, query
        [error] = answer.json()["errors"]
        assert error["field"] == field
        assert allowed in error["message"]
