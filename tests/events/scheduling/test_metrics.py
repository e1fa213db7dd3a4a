"""The measures of a schedule are those that exhaustive search counts."""

from hypothesis import given, settings

from services.events.scheduling import Meeting, Participant, Problem, Slot
from services.events.scheduling.metrics import (
    count_affected_participants,
    count_breaks,
    count_changed_meetings,
    count_idle_slots,
    count_table_changes,
)
from services.events.scheduling.tables.assignment import assign_tables
from tests.events.scheduling import brute_force
from tests.events.scheduling.problems import problems


@settings(max_examples=60, deadline=None)
@given(problems())
def test_breaks_idle_slots_and_table_changes(problem: Problem) -> None:
    for slots in brute_force.schedules(problem):
        tables = assign_tables(problem, slots)
        assert count_breaks(problem, slots) == brute_force.breaks(problem, slots)
        assert count_idle_slots(problem, slots) == brute_force.idle_slots(problem, slots)
        assert count_table_changes(problem, slots, tables) == brute_force.table_changes(problem, slots, tables)


def test_moved_and_dropped_meetings_are_changes_and_new_ones_are_not() -> None:
    meetings = (Meeting("ab", ("a", "b")), Meeting("ac", ("a", "c")), Meeting("bc", ("b", "c")))
    problem = Problem(tuple(map(Participant, "abc")), meetings, tuple(map(Slot, range(1, 4))), 1)
    published = {"ab": 1, "ac": 2, "gone": 3}
    assert count_changed_meetings(published, {"ab": 1, "ac": 3, "bc": 2}) == 2
    assert count_affected_participants(problem, published, {"ab": 1, "ac": 3, "bc": 2}) == 2
    assert count_affected_participants(problem, published, {}) == 3
