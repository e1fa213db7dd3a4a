"""A subproblem has exactly the schedules that complete those that stay."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.events.scheduling import Meeting, Participant, Problem, Slot
from services.events.scheduling.repair.subproblem import Position, conflicting_meetings, subproblem
from services.events.scheduling.tables.assignment import assign_tables
from tests.events.scheduling import brute_force
from tests.events.scheduling.problems import problems

SMALL = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SMALL
@given(problems(), st.data())
def test_its_schedules_are_those_that_complete_the_meetings_that_stay(problem: Problem, data: st.DataObject) -> None:
    schedules = list(brute_force.schedules(problem, fair=False))
    if not schedules:
        return
    slots = data.draw(st.sampled_from(schedules))
    free = data.draw(st.frozensets(st.sampled_from([meeting.id for meeting in problem.meetings])))
    tables = assign_tables(problem, slots)
    staying = {id: Position(slot, tables[id]) for id, slot in slots.items() if id not in free}
    part = subproblem(problem, staying, free)
    assert {meeting.id for meeting in part.meetings} == free
    kept_slots = {id: position.slot for id, position in staying.items()}
    for completion in brute_force.schedules(part, fair=False):
        assert {**kept_slots, **completion} in [*schedules, *_without_fixed(problem, free)]
    assert {id: slot for id, slot in slots.items() if id in free} in list(brute_force.schedules(part, fair=False)) or free


def _without_fixed(problem: Problem, free: frozenset[str]) -> list[dict[str, int]]:
    """Schedules in which a fixed meeting that is free may also be left out: a subproblem closes all other slots instead."""
    meetings = tuple(
        Meeting(
            meeting.id,
            meeting.participants,
            meeting.session,
            None if meeting.id in free else meeting.fixed_slot,
            meeting.predecessors,
            meeting.mandatory,
            meeting.virtual,
            meeting.closed_slots
            if meeting.fixed_slot is None or meeting.id not in free
            else meeting.closed_slots | {slot.number for slot in problem.slots if slot.number != meeting.fixed_slot},
        )
        for meeting in problem.meetings
    )
    loosened = Problem(problem.participants, meetings, problem.slots, problem.tables, problem.fairness, problem.special_tables)
    return list(brute_force.schedules(loosened, fair=False))


@SMALL
@given(problems(), st.data())
def test_meetings_of_a_valid_schedule_are_in_no_conflict(problem: Problem, data: st.DataObject) -> None:
    schedules = list(brute_force.schedules(problem, fair=False))
    if schedules:
        slots = data.draw(st.sampled_from(schedules))
        assert conflicting_meetings(problem, {id: Position(slot, 1) for id, slot in slots.items()}) == set()


def test_conflicts_name_all_meetings_involved() -> None:
    people = (Participant("a", min_gap=1), Participant("b", max_meetings=1), *map(Participant, "cd"))
    meetings = (
        Meeting("ac", ("a", "c")),
        Meeting("ad", ("a", "d")),
        Meeting("bc", ("b", "c"), predecessors=("ac",)),
        Meeting("cd", ("c", "d"), fixed_slot=5),
    )
    problem = Problem(people, meetings, tuple(map(Slot, range(1, 6))), 2)

    def conflicts(**slots: int) -> set[str]:
        return conflicting_meetings(problem, {id: Position(slot, 1) for id, slot in slots.items()})

    assert conflicts(ac=1, ad=3) == set()
    assert conflicts(ac=1, ad=2) == {"ac", "ad"}
    assert conflicts(ac=3, bc=2) == {"ac", "bc"}
    assert conflicts(cd=4) == {"cd"}
