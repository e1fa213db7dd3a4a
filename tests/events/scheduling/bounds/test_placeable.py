"""The counted bound on placed meetings is never below what exhaustive search finds."""

from hypothesis import HealthCheck, given, settings

from services.events.scheduling import Meeting, Participant, Problem, Slot
from services.events.scheduling.bounds.placeable import select_meetings
from tests.events.scheduling import brute_force
from tests.events.scheduling.problems import problems

SECONDS = 20.0
SMALL = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SMALL
@given(problems())
def test_no_schedule_places_more(problem: Problem) -> None:
    selection = select_meetings(problem, SECONDS)
    mandatory = {meeting.id for meeting in problem.meetings if meeting.mandatory}
    for slots in brute_force.schedules(problem, fair=False):
        assert selection is not None
        chosen = len(mandatory & selection.meetings)
        assert len(mandatory & slots.keys()) <= chosen
        if len(mandatory & slots.keys()) == chosen:
            assert len(slots) <= selection.upper_bound


def test_mandatory_meetings_are_selected_first() -> None:
    people = (Participant("a", max_meetings=1), *map(Participant, "bcd"))
    meetings = (Meeting("ab", ("a", "b")), Meeting("ac", ("a", "c"), mandatory=True), Meeting("bd", ("b", "d")))
    selection = select_meetings(Problem(people, meetings, (Slot(1),), 2), SECONDS)
    assert selection is not None
    assert (selection.meetings, selection.upper_bound) == (frozenset({"ac", "bd"}), 2)


def test_fixed_meetings_that_exceed_a_limit_have_no_selection() -> None:
    people = (Participant("a", max_meetings=1), *map(Participant, "bc"))
    meetings = (Meeting("ab", ("a", "b"), fixed_slot=1), Meeting("ac", ("a", "c"), fixed_slot=2))
    assert select_meetings(Problem(people, meetings, (Slot(1), Slot(2)), 1), SECONDS) is None
