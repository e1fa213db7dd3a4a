"""The days of an event by the clock of its place, and how far it has come."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.events.brokerage.rules.days import current_day, days_of, local_day, next_slot, under_way
from tests.events.factories import MORNING, event_state, slots, two_days

TICK = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("zone", "day"), [("Europe/Rome", "2027-03-13"), ("UTC", "2027-03-12"), ("Pacific/Honolulu", "2027-03-12")]
)
def test_a_moment_is_of_the_day_it_is_at_the_place(zone: str, day: str) -> None:
    assert local_day(event_state(timezone=zone), datetime(2027, 3, 12, 23, 30, tzinfo=UTC)) == day


def test_a_slot_is_of_the_day_on_which_it_begins() -> None:
    midnight = datetime(2027, 3, 12, 23, 0, tzinfo=UTC)
    late = [slot.model_copy(update={"starts": midnight + n * timedelta(minutes=20)}) for n, slot in enumerate(slots(3), -1)]
    late = [slot.model_copy(update={"ends": slot.starts + timedelta(minutes=20)}) for slot in late]
    assert days_of(event_state(slots=tuple(late))) == ["2027-03-12", "2027-03-13"]


def test_an_event_is_at_its_next_day_and_stays_at_its_last() -> None:
    event = event_state(slots=two_days(2, 1))
    gap = replace(event, slots=(event.slots[0], replace(event.slots[2], starts=MORNING + timedelta(days=3))))
    for now, day in ((-9, "2027-03-12"), (0, "2027-03-12"), (1, "2027-03-13"), (9, "2027-03-13")):
        assert current_day(event, MORNING + timedelta(days=now)) == day
    assert current_day(gap, MORNING + timedelta(days=1)) == "2027-03-15", "between two days it is at the next"


def test_the_next_slot_is_the_first_that_has_not_begun() -> None:
    event = event_state()
    starts = [slot.starts for slot in event.slots]
    assert [next_slot(event, moment) for moment in (starts[0] - TICK, starts[0], starts[2] - TICK, starts[2])] == [1, 2, 3, 4]


def test_a_day_runs_from_its_first_slot_to_its_last() -> None:
    event = event_state("registration-closed")
    assert not under_way(event, MORNING - TICK)
    assert under_way(replace(event, status="running"), MORNING - TICK)
    assert under_way(event, MORNING)
    assert not under_way(replace(event, status="running"), event.slots[-1].starts)
