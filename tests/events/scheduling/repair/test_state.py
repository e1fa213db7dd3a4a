"""The state of a repair: what has begun, what is required, what is unsettled, and a bound by counting."""

from services.events.scheduling import Disruption, Meeting, Participant, Placement, Problem, Slot
from services.events.scheduling.repair.state import RepairState
from services.events.scheduling.repair.subproblem import Position

PROBLEM = Problem(
    tuple(map(Participant, "abcdef")),
    (
        Meeting("ab", ("a", "b")),
        Meeting("cd", ("c", "d"), mandatory=True),
        Meeting("ef", ("e", "f")),
        Meeting("ac", ("a", "c")),
    ),
    tuple(map(Slot, range(1, 5))),
    tables=2,
)
PUBLISHED = [Placement("ab", 1, 1), Placement("cd", 3, 1), Placement("ef", 3, 2), Placement("gone", 4, 1)]


def state(disruption: Disruption, next_slot: int = 2, problem: Problem = PROBLEM) -> RepairState:
    return RepairState(problem, PUBLISHED, next_slot, disruption)


def test_without_a_disruption_everything_is_settled_and_proven() -> None:
    undisturbed = state(Disruption())
    assert (undisturbed.past, undisturbed.begun) == (frozenset({1}), {"ab"})
    assert (undisturbed.required, undisturbed.waiting, undisturbed.unsettled) == (frozenset({"cd", "ef"}), {"ac"}, frozenset())
    slots = undisturbed.immediate_repair()
    assert {id: slot for id, slot in slots.items() if id != "ac"} == {"ab": 1, "cd": 3, "ef": 3}
    assert undisturbed.cost(slots) == (0, 0, 0, 0)
    assert undisturbed.is_proven_best(slots)
    assert undisturbed.waiting_left_out(slots) == (0, 0)
    assert undisturbed.waiting_left_out({"ab": 1, "cd": 3, "ef": 3}) == (0, 1)


def test_an_absence_unsettles_the_meetings_of_a_participant_and_bounds_the_cost() -> None:
    everywhere = frozenset({1, 2, 3, 4})
    no_show = state(Disruption({"c": everywhere}))
    assert no_show.unsettled == {"cd"}
    assert no_show.lower_bound == (1, 1, 1, 2)
    late = state(Disruption({"c": frozenset({2, 3})}))
    assert (late.unsettled, late.lower_bound) == (frozenset({"cd"}), (0, 0, 1, 2))
    slots = late.immediate_repair()
    assert slots["cd"] == 4
    assert late.is_proven_best(slots)


def test_a_closed_table_unsettles_without_a_move() -> None:
    closed = state(
        Disruption(closed_tables=frozenset({2})), problem=Problem(PROBLEM.participants, PROBLEM.meetings, PROBLEM.slots, 3)
    )
    assert (closed.unsettled, closed.lower_bound) == (frozenset({"ef"}), (0, 0, 0, 0))
    slots = closed.immediate_repair()
    assert slots["ef"] == 3
    assert closed.assign_positions(slots) | {"ac": Position(0, 0)} == {
        "ab": Position(1, 1),
        "cd": Position(3, 1),
        "ef": Position(3, 3),
        "ac": Position(0, 0),
    }


def test_the_bound_rises_where_too_many_are_accepted() -> None:
    requests = tuple(Meeting(f"ae{number}", ("a", "e")) for number in range(5))
    overloaded = state(Disruption(accepted=requests))
    assert overloaded.lower_bound == (0, 0, 0, 0)
    overloaded.raise_lower_bound(10.0)
    # One participant has six meetings to come and four free slots; that one of these has begun is not counted.
    assert overloaded.lower_bound == (0, 2, 0, 0)


def test_a_wider_neighbourhood_holds_the_required_meetings_of_the_same_participants() -> None:
    accepted = state(Disruption(accepted=(Meeting("bc", ("b", "c")),)))
    assert accepted.widen({"bc"}, accepted.immediate_repair()) == {"bc", "cd"}
    assert accepted.widen({"bc"}, {"ef": 4}) == {"bc", "cd", "ef"}
