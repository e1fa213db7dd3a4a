"""The tables of given slots: no rule is broken, and the fewest table changes are bounded as exhaustive search counts them."""

from hypothesis import event, given, settings

from services.events.scheduling import Meeting, Participant, Placement, Problem, Schedule, Slot, solve, verify
from services.events.scheduling.tables.assignment import assign_tables, table_changes_bound
from services.events.scheduling.verifier import violated_constraints
from tests.events.scheduling import brute_force
from tests.events.scheduling.small_halls import group_halls, halls

SECONDS = 60.0
SMALL = settings(max_examples=100, deadline=None)


@SMALL
@given(halls)
def test_tables_keep_every_rule_and_their_changes_the_bound(problem: Problem) -> None:
    slots = next(brute_force.schedules(problem, fair=False), None)
    if slots is None:
        return
    tables = assign_tables(problem, slots)
    assert violated_constraints(problem, tuple(Placement(meeting, slot, tables[meeting]) for meeting, slot in slots.items())) == []
    fewest = brute_force.fewest_table_changes(problem, slots)
    changes = brute_force.table_changes(problem, slots, tables)
    event(f"{fewest} changes at least, {changes - fewest} more by matching slot by slot")
    assert table_changes_bound(problem, slots) <= fewest <= changes


@settings(SMALL, max_examples=300)
@given(group_halls)
def test_without_breaks_the_assignment_has_the_fewest_changes_and_the_bound_is_exact(problem: Problem) -> None:
    slots = {meeting.id: meeting.fixed_slot for meeting in problem.meetings if meeting.fixed_slot is not None}
    fewest = brute_force.fewest_table_changes(problem, slots)
    tables = assign_tables(problem, slots)
    assert table_changes_bound(problem, slots) == fewest == brute_force.table_changes(problem, slots, tables)


def test_the_bound_of_groups_is_not_above_what_is_possible() -> None:
    """Y may follow C, X may follow A or B, Z may follow A or C: matching most meetings is not matching most people."""
    attendance = {"A": (1, "234"), "B": (1, "19"), "C": (1, "567"), "X": (2, "123"), "Y": (2, "78"), "Z": (2, "456")}
    problem = Problem(
        tuple(map(Participant, "123456789")),
        tuple(Meeting(id, tuple(people), fixed_slot=slot) for id, (slot, people) in attendance.items()),
        (Slot(1), Slot(2)),
        tables=3,
    )
    assert brute_force.fewest_table_changes(problem, {id: slot for id, (slot, _) in attendance.items()}) == 3
    schedule = solve(problem, SECONDS)
    assert isinstance(schedule, Schedule)
    assert verify(problem, schedule).violations == ()
    assert (schedule.table_changes, schedule.table_changes_bound) == (3, 3)


def test_a_known_table_is_kept() -> None:
    problem = Problem(tuple(map(Participant, "abcd")), (Meeting("ab", ("a", "b")), Meeting("cd", ("c", "d"))), (Slot(1),), tables=4)
    assert assign_tables(problem, {"ab": 1, "cd": 1}, {"cd": 4, "ab": 3}) == {"ab": 3, "cd": 4}
