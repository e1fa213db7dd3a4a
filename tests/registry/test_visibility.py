"""Which offers and needs a reader may see."""

from datetime import UTC, datetime

import pytest

from services.registry.state import Member, Place, Profile
from services.registry.visibility import visible_to
from shared.chassis.http.auth import Principal
from shared.chassis.writes.aggregate import Stored

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
        ("partner", None, ["marble"], {"public"}),
        ("auditor", None, [], {"public"}),
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
    reader = Principal("reader", frozenset({role}), member, frozenset(districts))
    assert visible_to(reader, MEMBER) == visible
