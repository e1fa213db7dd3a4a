"""Who may do what at an event of two districts."""

from collections.abc import Callable
from typing import Any

import pytest

from services.events.permissions import manages, may_act_at, may_announce, may_manage
from shared.chassis.errors import Forbidden
from shared.chassis.http.auth import Principal

DISTRICTS = ("marble", "wood")


def principal(role: str, *districts: str, member: str | None = None) -> Principal:
    return Principal("somebody", frozenset({role}), member, frozenset(districts))


def is_allowed(check: Callable[..., None], *arguments: Any) -> bool:
    try:
        check(*arguments)
    except Forbidden:
        return False
    return True


@pytest.mark.parametrize(
    ("sender", "of_any", "of_all"),
    [
        (principal("operator"), True, True),
        (principal("manager", "marble", "wood", "fashion"), True, True),
        (principal("manager", "wood"), True, False),
        (principal("manager", "fashion"), False, False),
        (principal("member", "marble", "wood", member="anna"), False, False),
        (principal("auditor", "marble", "wood"), False, False),
    ],
)
def test_a_manager_of_any_district_leads_an_event_and_one_of_all_announces_it(
    sender: Principal, of_any: bool, of_all: bool
) -> None:
    assert is_allowed(may_manage, sender, DISTRICTS) == manages(sender, DISTRICTS) == of_any
    assert is_allowed(may_announce, sender, DISTRICTS) == of_all


def test_who_sends_no_token_manages_nothing() -> None:
    assert not manages(None, DISTRICTS)


@pytest.mark.parametrize(
    ("sender", "allowed"),
    [
        (principal("member", member="anna"), True),
        (principal("member", member="bruno"), True),
        (principal("member", member="carla"), False),
        (principal("manager", "wood"), True),
        (principal("manager", "fashion", member="anna"), False),
        (principal("operator"), True),
    ],
)
def test_a_side_of_a_meeting_acts_for_itself_and_a_manager_for_any(sender: Principal, allowed: bool) -> None:
    assert is_allowed(may_act_at, sender, DISTRICTS, "anna", "bruno") == allowed
