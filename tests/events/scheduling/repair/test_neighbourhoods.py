"""A neighbourhood moves only the meetings that are free, and waiting meetings never take a required one's place."""

from services.events.scheduling import Disruption, Meeting, Participant, Placement, Problem, Slot
from services.events.scheduling.deadline import Deadline
from services.events.scheduling.repair.neighbourhoods import place_waiting, search_neighbourhood
from services.events.scheduling.repair.state import Candidate, RepairState

SECONDS = 20.0
PROBLEM = Problem(
    (Participant("a"), Participant("b", frozenset({1, 3})), *map(Participant, "cdef")),
    (Meeting("ac", ("a", "c")), Meeting("de", ("d", "e"))),
    tuple(map(Slot, range(1, 4))),
    tables=1,
)
PUBLISHED = [Placement("ac", 2, 1), Placement("de", 3, 1)]
REQUEST = Meeting("ab", ("a", "b"))


def accepted() -> tuple[RepairState, Candidate]:
    state = RepairState(PROBLEM, PUBLISHED, 1, Disruption(accepted=(REQUEST,)))
    return state, Candidate(state.immediate_repair(), proven=False)


def test_only_free_meetings_move() -> None:
    state, best = accepted()
    assert dict(best.slots) == {"ac": 2, "de": 3}
    alone = search_neighbourhood(state, frozenset({"ab"}), best, Deadline(SECONDS, None))
    assert alone is not None
    assert (dict(alone.slots), alone.proven) == ({"ac": 2, "de": 3}, False)
    wider = search_neighbourhood(state, frozenset({"ab", "ac"}), best, Deadline(SECONDS, None))
    assert wider is not None
    assert dict(wider.slots) == {"ab": 2, "ac": 1, "de": 3}
    proven = search_neighbourhood(state, state.required, wider, Deadline(SECONDS, None))
    assert proven is not None
    assert (dict(proven.slots), proven.proven) == ({"ab": 2, "ac": 1, "de": 3}, True)


def test_a_search_that_would_take_too_long_is_not_begun() -> None:
    state, best = accepted()
    assert search_neighbourhood(state, state.required, best, Deadline(0.0, None)) is None
    assert place_waiting(state, state.required, best, Deadline(0.0, None)) == best


def test_waiting_meetings_take_what_is_free() -> None:
    standby = (Meeting("ef", ("e", "f")), Meeting("df", ("d", "f"), mandatory=True))
    state = RepairState(PROBLEM, PUBLISHED, 1, Disruption(standby=standby))
    best = Candidate({"ac": 2, "de": 3, "ef": 1}, proven=True)
    placed = place_waiting(state, frozenset(), best, Deadline(SECONDS, None))
    assert dict(placed.slots) == {"ac": 2, "de": 3, "df": 1}
