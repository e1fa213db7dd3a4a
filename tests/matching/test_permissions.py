"""Who sees a member's suggestions, and within which districts."""

import pytest

from services.matching.permissions import districts_seen, require_same_member, viewer_for
from shared.chassis.errors import Forbidden
from shared.chassis.http.auth import Principal
from tests.matching.ranking.factories import firm

MEMBER = firm("anna", districts=frozenset({"marble", "fashion"}))


def principal(role: str, *districts: str, member: str | None = None) -> Principal:
    return Principal("somebody", frozenset({role}), member, frozenset(districts))


@pytest.mark.parametrize(
    ("sender", "districts"),
    [
        (principal("member", member="anna"), None),
        (principal("operator"), None),
        (principal("manager", "marble", "railways"), frozenset({"marble", "railways"})),
        (principal("manager", "marble", member="anna"), frozenset({"marble"})),
    ],
)
def test_the_member_sees_all_and_a_manager_what_its_districts_see(sender: Principal, districts: frozenset[str] | None) -> None:
    assert districts_seen(sender, "anna") == districts
    viewer = viewer_for(sender, MEMBER)
    assert viewer.districts == (MEMBER.districts if districts is None else districts)
    assert viewer.id == "anna"


def test_what_is_the_members_own_no_manager_reads() -> None:
    for allowed in (principal("member", member="anna"), principal("operator")):
        require_same_member(allowed, "anna")
    for refused in (principal("member", member="bruno"), principal("manager", "marble"), principal("partner", member="anna")):
        with pytest.raises(Forbidden):
            require_same_member(refused, "anna")
