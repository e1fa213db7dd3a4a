"""What members know of each other, from the rows of introductions and meetings."""

from typing import Any

import pytest

from services.matching.projections.interactions import IntroductionRow, MeetingRow
from services.matching.ranking import Interaction
from services.matching.shortlist.inputs import interactions_from


def introduction(*members: str, introduced: bool = False, **declined: Any) -> IntroductionRow:
    return IntroductionRow(tuple(sorted(members)), declined, introduced)


def meetings(*rows: MeetingRow) -> dict[str, MeetingRow]:
    return {"-".join(row.members): row for row in rows}


def meeting(*members: str, held: bool | None = None, **outcomes: Any) -> MeetingRow:
    return MeetingRow("fair", members, agreed=True, held=held, outcomes=outcomes)


def test_a_decline_is_known_to_its_author_alone() -> None:
    interactions = interactions_from([introduction("a", "b", a="competitor")], {})
    assert interactions["a"] == (Interaction("a", "b", declined="competitor"),)
    assert interactions["b"] == (Interaction("b", "a"),)


def test_an_introduction_and_a_held_meeting_are_known_to_both_and_an_outcome_to_who_recorded_it() -> None:
    rows = meetings(meeting("a", "b", held=True, a="nda"), meeting("b", "a"))
    interactions = interactions_from([introduction("a", "b", introduced=True)], rows)
    assert interactions["a"] == (Interaction("a", "b", arranged=True, outcomes=("nda",)),)
    assert interactions["b"] == (Interaction("b", "a", arranged=True, outcomes=(None,)),)


def test_in_a_group_each_has_met_each() -> None:
    interactions = interactions_from([], meetings(meeting("a", "b", "c", held=True)))
    assert {interaction.towards for interaction in interactions["c"]} == {"a", "b"}
    assert sum(map(len, interactions.values())) == 6


def test_a_meeting_without_recorded_attendance_was_held_where_the_closing_of_its_event_says_so() -> None:
    rows = meetings(meeting("a", "b"), meeting("a", "c"), meeting("a", "d", held=False), meeting("a", "e"))
    interactions = interactions_from([], rows, held={"a-b", "a-d"})
    outcomes = {interaction.towards: interaction.outcomes for interaction in interactions["a"]}
    assert outcomes == {"b": (None,), "c": (), "d": (), "e": ()}
    cancelled = interactions_from([], rows, held={"a-b"}, never_held={"a-c", "a-d"})
    assert [interaction.towards for interaction in cancelled["a"]] == ["b", "d", "e"], "recorded attendance prevails"


@pytest.mark.parametrize(
    ("outcomes", "value", "penalties"),
    [((), 0, ("met_before",)), ((None,), 1, ()), (("nothing",), 0, ("met_before",)), (("nothing", "licence"), 3, ())],
)
def test_outcomes_of_meetings_add_up(outcomes: Any, value: float, penalties: tuple[str, ...]) -> None:
    interaction = Interaction("a", "b", arranged=True, outcomes=outcomes)
    assert (interaction.value, interaction.penalties) == (value, penalties)
