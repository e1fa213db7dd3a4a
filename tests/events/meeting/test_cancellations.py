"""Which meetings of an agenda are off before it is computed again."""

from datetime import timedelta

from services.events.meeting.cancellations import AgendaEntry, cancelled_at
from tests.events.factories import MORNING

STARTS = {1: MORNING, 2: MORNING + timedelta(hours=1)}
FIRST, SECOND = AgendaEntry("m1", ("anna", "bruno"), 1), AgendaEntry("m2", ("anna", "carla"), 2)
LEFT = AgendaEntry("m3", ("anna", "dora"), None)
BETWEEN = MORNING + timedelta(minutes=30)


def test_an_ended_meeting_is_cancelled_placed_or_not() -> None:
    assert cancelled_at([FIRST, SECOND, LEFT], {"m2": MORNING, "m3": BETWEEN}, {}, STARTS) == {"m2": MORNING, "m3": BETWEEN}


def test_who_withdraws_during_the_day_takes_nothing_back_that_has_begun() -> None:
    assert cancelled_at([FIRST, SECOND, LEFT], {}, {"anna": BETWEEN}, STARTS) == {"m2": BETWEEN}
    assert cancelled_at([FIRST, SECOND], {"m2": BETWEEN}, {"carla": MORNING}, STARTS) == {"m2": MORNING}


def test_what_was_to_come_when_the_event_was_closed_is_cancelled() -> None:
    assert cancelled_at([FIRST, SECOND, LEFT], {}, {}, STARTS, closed=BETWEEN) == {"m2": BETWEEN}
    assert cancelled_at([FIRST, SECOND], {"m2": MORNING}, {}, STARTS, closed=BETWEEN) == {"m2": MORNING}
