"""Insertion finds a place where one is free, by a swap, or by ejecting other meetings, but never a fixed one."""

from random import Random

from services.events.scheduling import Meeting, Participant, Problem, Slot
from services.events.scheduling.heuristic.ejection_chains import Insertion
from services.events.scheduling.heuristic.incremental_schedule import UNPLACED, IncrementalSchedule

PEOPLE = tuple(Participant(name) for name in "abcd")
SLOTS = (Slot(1), Slot(2))


def insertion(
    *meetings: Meeting, tables: int = 2, people: tuple[Participant, ...] = PEOPLE
) -> tuple[IncrementalSchedule, Insertion]:
    schedule = IncrementalSchedule(Problem(people, meetings, SLOTS, tables))
    return schedule, Insertion(schedule, Random(0))


def test_a_kempe_chain_makes_room() -> None:
    schedule, inserting = insertion(
        Meeting("ab", ("a", "b")), Meeting("ac", ("a", "c")), Meeting("bc", ("b", "d"), closed_slots=frozenset({2}))
    )
    assert inserting.insert_in(0, [0])
    assert inserting.insert(2)
    assert inserting.insert(1)
    assert schedule.slot_of == [1, 0, 0]


def test_a_meeting_beyond_a_limit_has_no_place() -> None:
    people = (Participant("a", max_meetings=1), *PEOPLE[1:])
    schedule, inserting = insertion(Meeting("ab", ("a", "b")), Meeting("ac", ("a", "c")), people=people)
    assert inserting.insert_greedily([0, 1]) == [1]
    assert inserting.insert_by_ejection([1], lambda step: step < 10) == [1]
    assert schedule.slot_of.count(UNPLACED) == 1


def test_a_mandatory_meeting_ejects_another_and_a_fixed_one_stays() -> None:
    first = frozenset({2})
    mandatory = Meeting("cd", ("c", "d"), mandatory=True, closed_slots=first)
    schedule, inserting = insertion(Meeting("ab", ("a", "b"), closed_slots=first), mandatory, tables=1)
    assert inserting.insert(0)
    assert not inserting.insert(1)
    assert inserting.insert_by_ejection([1], lambda step: step < 20) == [0]
    assert schedule.slot_of == [UNPLACED, 0]

    fixed, inserting = insertion(Meeting("ab", ("a", "b"), fixed_slot=1), mandatory, tables=1)
    assert inserting.insert(0)
    assert inserting.insert_by_ejection([1], lambda step: step < 20) == [1]
    assert fixed.slot_of == [0, UNPLACED]
