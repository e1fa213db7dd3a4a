"""What members are taken to know of each other, from the documents of introductions and meetings."""

from typing import Any

import pytest

from services.matching.ranker.inputs import known_from
from services.matching.ranking import Dealing


def stand(*members: str, introduced: bool = False, **declined: str) -> dict[str, Any]:
    return {"members": sorted(members), "declined": declined, "introduced": introduced}


def meeting(*members: str, held: bool = False, **outcomes: str) -> dict[str, Any]:
    return {"members": list(members), "agreed": True, "held": held, "outcomes": outcomes}


def test_a_decline_is_known_to_who_declined_alone() -> None:
    known = known_from([stand("a", "b", a="competitor")], [])
    assert known["a"] == (Dealing("a", "b", declined="competitor"),)
    assert known["b"] == (Dealing("b", "a"),)


def test_an_introduction_and_a_held_meeting_are_known_to_both_and_an_outcome_to_who_told_it() -> None:
    known = known_from([stand("a", "b", introduced=True)], [meeting("a", "b", held=True, a="nda"), meeting("b", "a")])
    assert known["a"] == (Dealing("a", "b", arranged=True, outcomes=("nda",)),)
    assert known["b"] == (Dealing("b", "a", arranged=True, outcomes=(None,)),)


def test_in_a_group_each_has_met_each() -> None:
    known = known_from([], [meeting("a", "b", "c", held=True)])
    assert {one.towards for one in known["c"]} == {"a", "b"}
    assert sum(len(some) for some in known.values()) == 6


@pytest.mark.parametrize(
    ("outcomes", "worth", "lowered"),
    [((), 0, ("met_before",)), ((None,), 1, ()), (("nothing",), 0, ("met_before",)), (("nothing", "licence"), 3, ())],
)
def test_what_came_of_meetings_adds_up(outcomes: Any, worth: float, lowered: tuple[str, ...]) -> None:
    dealing = Dealing("a", "b", arranged=True, outcomes=outcomes)
    assert (dealing.worth, dealing.lowered) == (worth, lowered)
