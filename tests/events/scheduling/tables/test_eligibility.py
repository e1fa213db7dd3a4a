"""The capacities of the pools are exact: meetings keep them if and only if all of them can be seated."""

from collections import Counter

from hypothesis import given, settings

from services.events.scheduling import Meeting, Participant, Problem, Slot, Table
from services.events.scheduling.tables.eligibility import TableEligibility
from tests.events.scheduling.brute_force import _can_be_seated as can_be_seated
from tests.events.scheduling.problems import problems

SMALL = settings(max_examples=150, deadline=None)


@SMALL
@given(problems())
def test_pools_are_exact(problem: Problem) -> None:
    eligibility = TableEligibility(problem)
    pools = eligibility.pools()
    for slot in (1, len(problem.slots)):
        for chosen in range(1 << len(problem.meetings)):
            meetings = [meeting for index, meeting in enumerate(problem.meetings) if chosen >> index & 1]
            attendance = Counter(id for meeting in meetings for id in meeting.participants)
            if max(attendance.values(), default=0) > 1:
                continue  # these exclude each other already
            within = all(eligibility.tables(meeting, slot) for meeting in meetings)
            within &= all(
                len([meeting for meeting in meetings if meeting in pool.meetings]) <= pool.capacity[slot] for pool in pools
            )
            assert within == can_be_seated(problem, meetings, slot)


def test_whose_table_it_is() -> None:
    people = (
        Participant("a", own_table=1),
        Participant("b", own_table=2, stationary=True),
        Participant("c", own_table=3, stationary=True),
        Participant("d"),
        Participant("e"),
    )
    tables = (Table(4, seats=2), Table(5, virtual=True), Table(6, closed_slots=frozenset({1})))
    meetings = {
        "ab": Meeting("ab", ("a", "b")),
        "ad": Meeting("ad", ("a", "d")),
        "bc": Meeting("bc", ("b", "c")),
        "de": Meeting("de", ("d", "e")),
        "av": Meeting("av", ("a", "d"), virtual=True),
    }
    eligibility = TableEligibility(Problem(people, tuple(meetings.values()), (Slot(1), Slot(2)), 6, special_tables=tables))
    seats = {name: (eligibility.tables(meeting, 1), eligibility.tables(meeting, 2)) for name, meeting in meetings.items()}
    assert seats == {"ab": ((2,), (2,)), "ad": ((1,), (1,)), "bc": ((), ()), "de": ((4,), (4, 6)), "av": ((5,), (5,))}
    assert eligibility.slots(meetings["bc"]) == ()
