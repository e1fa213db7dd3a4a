"""Slots of two events at the same time."""

from datetime import timedelta

import pytest

from services.events.brokerage.rules.overlaps import overlapping_slots
from tests.events.factories import event_state, slots


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (0, {1: (1,), 2: (2,), 3: (3,)}),
        (5, {1: (1,), 2: (1, 2), 3: (2, 3)}),
        (20, {2: (1,), 3: (2,)}),
        (60, {}),
        (-20, {1: (2,), 2: (3,)}),
    ],
)
def test_slots_overlap_that_share_time_and_not_an_end(minutes: int, expected: dict[int, tuple[int, ...]]) -> None:
    shift = timedelta(minutes=minutes)
    moved = tuple(slot.model_copy(update={"starts": slot.starts + shift, "ends": slot.ends + shift}) for slot in slots(3))
    assert overlapping_slots(event_state(slots=slots(3)), event_state(slots=moved)) == expected
