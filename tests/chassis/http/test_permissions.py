"""Who may do what every service asks for."""

from collections.abc import Callable

import pytest

from shared.chassis.errors import Forbidden
from shared.chassis.http.auth import Principal
from shared.chassis.http.permissions import require_manager, require_member, require_operator

OPERATOR = Principal("o", frozenset({"operator"}), None, frozenset())
MEMBER = Principal("m", frozenset({"member"}), "m1", frozenset())
MANAGER = Principal("d", frozenset({"manager"}), "m1", frozenset({"marble"}))
WITHOUT_ROLES = Principal("n", frozenset(), "m1", frozenset({"marble"}))
Requirement = Callable[[Principal], None]
REQUIREMENTS: dict[str, Requirement] = {
    "operator": require_operator,
    "itself": lambda principal: require_member(principal, "m1"),
    "another": lambda principal: require_member(principal, "m2"),
    "its district": lambda principal: require_manager(principal, ["paper", "marble"]),
    "no district": lambda principal: require_manager(principal, []),
}


@pytest.mark.parametrize(
    ("principal", "allowed"),
    [
        (OPERATOR, {"operator", "itself", "another", "its district", "no district"}),
        (MEMBER, {"itself"}),
        (MANAGER, {"its district"}),
        (WITHOUT_ROLES, set()),
    ],
)
def test_the_role_and_what_it_is_for_decide(principal: Principal, allowed: set[str]) -> None:
    def permits(requirement: Requirement) -> bool:
        try:
            requirement(principal)
        except Forbidden:
            return False
        return True

    assert {name for name, requirement in REQUIREMENTS.items() if permits(requirement)} == allowed
