"""Who does not come, reckoned by day and by whose word it is, without a store."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from services.events.attendance.rules.no_shows import away_from
from services.events.registration.state import Registration
from tests.events.computation import factories
from tests.events.computation.factories import Document, agreed, appointed
from tests.events.factories import MORNING, event_state, two_days

EVENT = event_state(slots=two_days(3, 2))


def registered(member: str, **changes: Any) -> Registration:
    return factories.registered(member, **changes).state


FIRST, SECOND = "2027-03-12", "2027-03-13"
NOON, NEXT_NOON = MORNING + timedelta(hours=2), MORNING + timedelta(days=1, hours=2)
BRUNO = registered("bruno", checked_in=True, checked_in_on=(FIRST, SECOND))


def told(held: bool, by: str | None = None, absent: Sequence[str] = ("anna",), **changes: Any) -> Document:
    """What was said of a meeting of Anna and Bruno."""
    said = {"held": held, "by": by, "absent": [] if held else list(absent)}
    return agreed("m", ("anna", "bruno"), **{"attendance": said, **changes})


def absent(
    meeting: Document, slot: int, now: datetime, anna: Registration | None = None, bruno: Registration | None = None
) -> bool:
    """Tell whether Anna is taken for absent, with this said of a meeting in this slot."""
    found = away_from(EVENT, [meeting], [anna or registered("anna"), bruno or BRUNO], {"m": slot}, now).keys()
    assert found <= {"anna"}
    return bool(found)


def test_who_was_there_on_one_day_may_be_absent_on_the_next() -> None:
    came = registered("anna", checked_in=True, checked_in_on=(FIRST,))
    assert not absent(told(False), 1, NOON, came)
    assert absent(told(False), 4, NEXT_NOON, came)
    assert not absent(told(False), 4, NEXT_NOON, registered("anna", checked_in=True, checked_in_on=(SECOND,)))
    away = away_from(EVENT, [told(False)], [came, BRUNO], {"m": 4}, NEXT_NOON)
    assert away == {"anna": frozenset({4, 5})}


def test_who_did_not_come_on_one_day_is_awaited_on_the_next() -> None:
    assert absent(told(False), 1, NOON)
    assert absent(told(False), 1, NOON + timedelta(hours=8)), "until midnight, where the event is"
    assert not absent(told(False), 1, NEXT_NOON - timedelta(hours=8))
    assert away_from(EVENT, [told(False)], [registered("anna"), BRUNO], {"m": 1}, NOON) == {"anna": frozenset({1, 2, 3})}


def test_a_meeting_of_the_day_that_was_held_shows_that_somebody_is_there() -> None:
    missed = {**told(False), "_id": "n"}
    registrations = [registered("anna"), BRUNO]
    assert away_from(EVENT, [missed, told(True)], registrations, {"n": 4, "m": 5}, NEXT_NOON) == {}
    assert away_from(EVENT, [missed, told(True)], registrations, {"n": 4, "m": 1}, NEXT_NOON).keys() == {"anna"}


def test_a_side_is_believed_when_a_third_of_the_slot_is_over_and_a_manager_at_once() -> None:
    third = timedelta(minutes=20) / 3
    assert not absent(told(False, by="bruno"), 1, MORNING + third - timedelta(seconds=1))
    assert absent(told(False, by="bruno"), 1, MORNING + third)
    assert absent(told(False), 1, MORNING)


def test_who_missed_what_the_others_of_its_group_held_is_absent() -> None:
    said = {"held": True, "by": "bruno", "absent": ["anna"]}
    met = agreed("m", ("anna", "bruno", "carla"), attendance=said)
    there = [registered("anna"), BRUNO, registered("carla")]
    assert away_from(EVENT, [met], there, {"m": 1}, NOON).keys() == {"anna"}
    assert away_from(EVENT, [met], there, {"m": 1}, MORNING) == {}, "it may still come"


def test_appointments_are_reckoned_too() -> None:
    booked = told(False, appointment=appointed(4, 1, ("anna", "bruno")))
    assert absent(booked, 0, NEXT_NOON)
    assert not absent(booked, 0, NOON)


def test_nobody_is_absent_on_a_day_on_which_nobody_is_checked_in() -> None:
    bruno = registered("bruno", checked_in=True, checked_in_on=(FIRST,))
    assert absent(told(False), 1, NOON, bruno=bruno)
    assert not absent(told(False), 4, NEXT_NOON, bruno=bruno)


def test_a_check_in_of_before_days_were_told_is_of_the_first() -> None:
    came = registered("anna", checked_in=True)
    assert not absent(told(False), 1, NOON, came)
    assert absent(told(False), 4, NEXT_NOON, came)


def test_who_attends_from_afar_is_never_taken_for_absent() -> None:
    assert not absent(told(False), 1, NOON, registered("anna", attends="virtual"))
