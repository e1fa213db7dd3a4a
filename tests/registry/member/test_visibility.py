"""Which offers and needs a reader may see."""

from datetime import UTC, datetime

import pytest

from services.registry.member.state import Member, Place, Profile
from services.registry.member.visibility import own_districts, visible_to
from shared.chassis.http.auth import Principal
from shared.chassis.writes.aggregate import Stored
from tests.lib.services import bearer
from tests.registry.conftest import Registry

STATE = Member(
    name="Esempio",
    kind="sme",
    identifiers=(),
    districts=("marble", "mechanics"),
    place=Place("IT", None, None),
    profile=Profile("", "it", (), None, ()),
    status="approved",
    reason=None,
    offers={},
    needs={},
)
MEMBER = Stored("m1", 1, STATE, 1, datetime(2026, 11, 22, tzinfo=UTC))


@pytest.mark.parametrize(
    ("role", "member", "districts", "visible"),
    [
        ("partner", None, [], {"public"}),
        ("member", "m2", [], {"public"}),
        ("member", "m2", ["fashion"], {"public", "network"}),
        ("member", "m2", ["mechanics"], {"public", "network", "district"}),
        ("member", "m1", [], {"public", "network", "district"}),
        ("manager", None, ["fashion"], {"public", "network"}),
        ("manager", None, ["marble"], {"public", "network", "district"}),
        ("operator", None, [], {"public", "network", "district"}),
    ],
)
def test_a_reader_sees_what_its_role_and_its_districts_allow(
    role: str, member: str | None, districts: list[str], visible: set[str]
) -> None:
    reader = Principal("reader", frozenset({role}), member, frozenset())
    assert visible_to(reader, frozenset(districts), MEMBER) == visible


async def test_the_registry_says_which_districts_a_reader_belongs_to(registry: Registry) -> None:
    id = await registry.approved()

    async def districts_of(*roles: str, member: str | None = None, manages: tuple[str, ...] = ()) -> set[str]:
        return set(await own_districts(registry.runtime.mongo, Principal("reader", frozenset(roles), member, frozenset(manages))))

    assert await districts_of("member", member=id) == {"marble"}
    assert await districts_of("member", member="never-existed") == set()
    assert await districts_of("member", member="never-existed", manages=("marble",)) == set()
    assert await districts_of("partner", member=id, manages=("marble",)) == set()
    assert await districts_of("manager", manages=("fashion",)) == {"fashion"}
    assert await districts_of("manager", "member", member=id, manages=("fashion",)) == {"fashion", "marble"}
    left = await registry.http.post(
        f"/v1/members/{id}/withdraw", json={"reason": "x"}, headers=bearer(registry.issuer, "member", id)
    )
    assert left.status_code == 200
    assert await districts_of("member", member=id) == set()
