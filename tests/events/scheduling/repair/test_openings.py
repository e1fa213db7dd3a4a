"""Open slots are exactly those in which a meeting can be added to a schedule."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.events.scheduling import Meeting, Participant, Problem, Slot
from services.events.scheduling.repair.openings import Openings
from tests.events.scheduling import brute_force
from tests.events.scheduling.problems import problems

SMALL = settings(max_examples=60, deadline=None)


@SMALL
@given(problems(), st.data())
def test_a_slot_is_open_where_the_meeting_can_be_added(problem: Problem, data: st.DataObject) -> None:
    schedules = list(brute_force.schedules(problem, fair=False))
    if not schedules:
        return
    slots = data.draw(st.sampled_from(schedules))
    openings = Openings(problem, slots)
    for meeting in problem.meetings:
        if meeting.id not in slots:
            possible = [slot.number for slot in problem.slots if {**slots, meeting.id: slot.number} in schedules]
            assert openings.open_slots(meeting) == possible


@SMALL
@given(problems())
def test_filling_keeps_every_constraint(problem: Problem) -> None:
    movable = [meeting for meeting in problem.meetings if meeting.fixed_slot is None]
    if len(movable) < len(problem.meetings):
        return
    openings = Openings(problem, {})
    openings.fill(movable, {})
    assert openings.slots in list(brute_force.schedules(problem, fair=False))


def test_mandatory_meetings_go_first_and_preferred_slots_are_kept() -> None:
    people = tuple(map(Participant, "abcd"))
    meetings = (Meeting("ab", ("a", "b")), Meeting("cd", ("c", "d"), mandatory=True))
    openings = Openings(Problem(people, meetings, (Slot(1),), 1), {})
    openings.fill(meetings, {})
    assert openings.slots == {"cd": 1}
    openings = Openings(Problem(people, meetings, (Slot(1), Slot(2)), 1), {})
    openings.fill(meetings, {"cd": 2})
    assert openings.slots == {"ab": 1, "cd": 2}
