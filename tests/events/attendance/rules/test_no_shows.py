"""Who does not come, reckoned by day and by whose word it is, without a store."""

from datetime import datetime, timedelta
from typing import Any

from services.events.attendance.rules.no_shows import no_shows
from services.events.meeting.state import Appointment, Attendance, Meeting
from services.events.registration.state import Registration
from tests.events.computation import factories
from tests.events.computation.factories import agreed, appointed
from tests.events.factories import MORNING, event_state, two_days


def registered(member: str, **changes: Any) -> Registration:
    return factories.registered(member, **changes).state


EVENT = event_state(slots=two_days(3, 2))
FIRST, SECOND = "2027-03-12", "2027-03-13"
NOON, NEXT_NOON = MORNING + timedelta(hours=2), MORNING + timedelta(days=1, hours=2)
BRUNO = registered("bruno", checked_in=True, checked_in_on=(FIRST, SECOND))


def recorded_meeting(held: bool, by: str | None = None, appointment: Appointment | None = None) -> Meeting:
    """A meeting of Anna and Bruno, held or missed by Anna."""
    attendance = Attendance(held, by, () if held else ("anna",))
    return agreed("m", ("anna", "bruno"), appointment, attendance).state


def absent(meeting: Meeting, slot: int, now: datetime, anna: Registration | None = None, bruno: Registration | None = None) -> bool:
    """Tell whether Anna is taken for absent, with this said of a meeting in this slot."""
    absentees = no_shows(EVENT, {"m": meeting}, [anna or registered("anna"), bruno or BRUNO], {"m": slot}, now).keys()
    assert absentees <= {"anna"}
    return bool(absentees)


def test_who_was_there_on_one_day_may_be_absent_on_the_next() -> None:
    anna = registered("anna", checked_in=True, checked_in_on=(FIRST,))
    assert not absent(recorded_meeting(False), 1, NOON, anna)
    assert absent(recorded_meeting(False), 4, NEXT_NOON, anna)
    assert not absent(recorded_meeting(False), 4, NEXT_NOON, registered("anna", checked_in=True, checked_in_on=(SECOND,)))
    absences = no_shows(EVENT, {"m": recorded_meeting(False)}, [anna, BRUNO], {"m": 4}, NEXT_NOON)
    assert absences == {"anna": frozenset({4, 5})}


def test_who_did_not_come_on_one_day_is_awaited_on_the_next() -> None:
    assert absent(recorded_meeting(False), 1, NOON)
    assert absent(recorded_meeting(False), 1, NOON + timedelta(hours=8)), "until midnight, where the event is"
    assert not absent(recorded_meeting(False), 1, NEXT_NOON - timedelta(hours=8))
    assert no_shows(EVENT, {"m": recorded_meeting(False)}, [registered("anna"), BRUNO], {"m": 1}, NOON) == {
        "anna": frozenset({1, 2, 3})
    }


def test_a_meeting_of_the_day_that_was_held_shows_that_somebody_is_there() -> None:
    missed = recorded_meeting(False)
    registrations = [registered("anna"), BRUNO]
    assert no_shows(EVENT, {"n": missed, "m": recorded_meeting(True)}, registrations, {"n": 4, "m": 5}, NEXT_NOON) == {}
    assert no_shows(EVENT, {"n": missed, "m": recorded_meeting(True)}, registrations, {"n": 4, "m": 1}, NEXT_NOON).keys() == {
        "anna"
    }


def test_a_side_is_believed_when_a_third_of_the_slot_is_over_and_a_manager_at_once() -> None:
    third = timedelta(minutes=20) / 3
    assert not absent(recorded_meeting(False, by="bruno"), 1, MORNING + third - timedelta(seconds=1))
    assert absent(recorded_meeting(False, by="bruno"), 1, MORNING + third)
    assert absent(recorded_meeting(False), 1, MORNING)


def test_who_missed_what_the_others_of_its_group_held_is_absent() -> None:
    attendance = Attendance(True, "bruno", ("anna",))
    met = agreed("m", ("anna", "bruno", "carla"), attendance=attendance).state
    participants = [registered("anna"), BRUNO, registered("carla")]
    assert no_shows(EVENT, {"m": met}, participants, {"m": 1}, NOON).keys() == {"anna"}
    assert no_shows(EVENT, {"m": met}, participants, {"m": 1}, MORNING) == {}, "it may still come"


def test_appointments_are_reckoned_too() -> None:
    booked = recorded_meeting(False, appointment=appointed(4, 1, ("anna", "bruno")))
    assert absent(booked, 0, NEXT_NOON)
    assert not absent(booked, 0, NOON)


def test_nobody_is_absent_on_a_day_on_which_nobody_is_checked_in() -> None:
    bruno = registered("bruno", checked_in=True, checked_in_on=(FIRST,))
    assert absent(recorded_meeting(False), 1, NOON, bruno=bruno)
    assert not absent(recorded_meeting(False), 4, NEXT_NOON, bruno=bruno)


def test_a_check_in_of_before_days_were_told_is_of_the_first() -> None:
    anna = registered("anna", checked_in=True)
    assert not absent(recorded_meeting(False), 1, NOON, anna)
    assert absent(recorded_meeting(False), 4, NEXT_NOON, anna)


def test_who_attends_from_afar_is_never_taken_for_absent() -> None:
    assert not absent(recorded_meeting(False), 1, NOON, registered("anna", attends="virtual"))
